// The quick exit: another page takes the place of this one, in every window, and Back does not lead here again.
import { announce, onMessage } from '../lib/channel.ts'
import { settings } from '../lib/settings.svelte.ts'

/** Pages that say nothing about who opens them. */
export const PLACES = {
  encyclopaedia: 'https://www.wikipedia.org/',
  weather: 'https://www.bbc.com/weather',
  search: 'https://duckduckgo.com/',
} as const

const LEFT = 'heartwood-left'

const coverUp = (): void => document.documentElement.setAttribute('data-covered', '')

/** Leaves from every window of the app. */
export function leave(): void {
  announce({ type: 'leave' })
  go()
}

function go(): void {
  coverUp()
  sessionStorage.setItem(LEFT, settings.exitTo)
  location.replace(settings.exitTo)
}

/** True when the person left and came here by Back or Forward: the page goes away again before anything is shown. */
export function stayAway(): boolean {
  const [arrival] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  // The browser fetches this store while the page waits, so it is asked only where it matters.
  const left = arrival?.type === 'back_forward' && sessionStorage.getItem(LEFT)
  if (!left) return false
  coverUp()
  location.replace(left)
  return true
}

/** The app is open again: Back leads here as ever. */
export const stay = (): void => sessionStorage.removeItem(LEFT)

/** Hears of leaving in another window, and of a page that the browser kept whole and brings back. */
export function watchLeaving(): void {
  onMessage((message, own) => {
    if (message.type === 'leave' && !own) go()
  })
  addEventListener('pageshow', ({ persisted }) => {
    const left = persisted && sessionStorage.getItem(LEFT)
    if (left) location.replace(left)
  })
}
