// Which screen belongs to which path.
import { tick, type Component } from 'svelte'
import { match } from '../lib/router.svelte.ts'
import Awful from './help/Awful.svelte'
import Help from './help/Help.svelte'
import Lines from './help/Lines.svelte'
import Urge from './help/Urge.svelte'
import PracticePage from './read/PracticePage.svelte'
import Read from './read/Read.svelte'
import TextPage from './read/TextPage.svelte'
import Rings from './rings/Rings.svelte'
import Today from './today/Today.svelte'
import Letter from './write/Letter.svelte'
import Write from './write/Write.svelte'

const SCREENS: readonly (readonly [pattern: string, screen: Component])[] = [
  ['/', Today],
  ['/read', Read],
  ['/read/practices/:slug', PracticePage],
  ['/read/:kind/:slug', TextPage],
  ['/rings', Rings],
  ['/write', Write],
  ['/write/:id', Letter],
  ['/help', Help],
  ['/help/urge', Urge],
  ['/help/awful', Awful],
  ['/help/lines', Lines],
]

let more: Readonly<Record<string, Component>> | null = $state.raw(null)

/** Fetches the other screens; where one of them is waited for, the focus goes to its heading. */
export async function loadMore(): Promise<void> {
  if (more) return
  const [known, account] = await Promise.all([import('./more.ts'), import('./account/screens.ts')])
  more = { ...known.MORE, ...account.ACCOUNT_SCREENS }
  await tick()
  if (location.pathname in more) document.querySelector<HTMLElement>('main h1')?.focus()
}

/** The screen of a path; null while it is still being fetched. */
export function screenAt(path: string): Component | null {
  const screen = SCREENS.find(([pattern]) => match(pattern, path))?.[1]
  return screen ?? more?.[path] ?? more?.[''] ?? null
}
