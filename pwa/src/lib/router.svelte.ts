// The path is reactive state and links are ordinary <a href>: that is all the router this app needs.
import { tick } from 'svelte'

export interface Route {
  path: string
  query: URLSearchParams
}

const here = (): Route => ({ path: location.pathname, query: new URLSearchParams(location.search) })

/** Where the person is. Reactive: read it in a component and it follows. */
export const route: Route = $state(here())

/** The named parts when the path fits the pattern, else null: `match('/read/:kind/:slug')`. */
export function match(pattern: string, path: string = route.path): Record<string, string> | null {
  const wanted = pattern.split('/')
  const parts = path.split('/')
  if (wanted.length !== parts.length) return null
  const found: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = parts[index] ?? ''
    if (part.startsWith(':') && value) found[part.slice(1)] = decodeURIComponent(value)
    else if (part !== value) return null
  }
  return found
}

/** Goes to a path of the app (`/read?q=sleep`), with a new history entry unless `replace` is set. */
export async function go(to: string, { replace = false }: { replace?: boolean } = {}): Promise<void> {
  const url = new URL(to, location.origin)
  if (url.href === location.href && !replace) return show(0)
  keepScroll()
  history[replace ? 'replaceState' : 'pushState']({ scroll: 0 }, '', url)
  await show(0)
}

/** Goes back inside the app, or to `otherwise` when the app was opened right here. */
export async function back(otherwise: string = '/'): Promise<void> {
  if (history.state && cameFromInside) history.back()
  else await go(otherwise, { replace: true })
}

let cameFromInside = false

const keepScroll = () => history.replaceState({ ...(history.state as object | null), scroll: scrollY }, '')

/** How long what is on the screen stays while the next one is fetched. */
const PATIENCE_MS = 600

let prepare: (path: string) => Promise<void> = () => Promise.resolve()

async function show(scroll: number): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
  await Promise.race([prepare(location.pathname).catch(() => undefined), late])
  const update = async () => {
    Object.assign(route, here())
    await tick()
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
    scrollTo(0, scroll)
  }
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  if (calm || !('startViewTransition' in document) || document.hidden) return update()
  await document.startViewTransition(update).updateCallbackDone
}

/** A screen shows something else in its place: it begins at its top, and its heading is read out. */
export async function turnOver(): Promise<void> {
  await tick()
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
  scrollTo(0, 0)
}

function onClick(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return
  if (
    event.defaultPrevented ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return
  if (link.hash && link.pathname === location.pathname) return
  if (link.pathname.startsWith('/api/')) return
  event.preventDefault()
  cameFromInside = true
  void go(link.pathname + link.search + link.hash)
}

/**
 * Takes up links and the back button. Called once, when the app is mounted.
 *
 * `load` fetches the screen of a path where it is not there yet.
 */
export function startRouter(load: typeof prepare): void {
  prepare = load
  history.scrollRestoration = 'manual'
  addEventListener('click', onClick)
  addEventListener('pagehide', keepScroll)
  addEventListener('popstate', (event) => {
    const state = event.state as { scroll?: number } | null
    void show(state?.scroll ?? 0)
  })
}
