// Where somebody is in a text: kept while they scroll, and found again when they come back.
import type { Mark } from '../records/types.ts'

const PAUSE_MS = 600
const WORTH_FINDING = 0.04
const AT_END = 0.96

/** Share of the text above the lower edge of the screen, 0 to 1. */
function placeIn(text: HTMLElement): number {
  const box = text.getBoundingClientRect()
  return Math.min(1, Math.max(0, (innerHeight - box.top) / Math.max(1, box.height)))
}

function scrollToPlace(text: HTMLElement, place: number): void {
  const box = text.getBoundingClientRect()
  scrollTo(0, scrollY + box.top + place * box.height - innerHeight)
}

type Save = (patch: Pick<Mark, 'place'> & Partial<Mark>) => void

/** An attachment for the text's element. `mark` is what was kept before. */
export function keepPlace(mark: Mark | undefined, save: Save): (text: HTMLElement) => () => void {
  return (text) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let furthest = mark?.progress ?? 0
    let read = mark?.read_at != null
    let seen = 0
    const keep = () => {
      clearTimeout(timer)
      timer = undefined
      const place = seen
      furthest = Math.max(furthest, place)
      const end = place >= AT_END && !read
      read ||= end
      save({ place, progress: furthest, ...(end && { read_at: new Date().toISOString() }) })
    }
    // Where somebody is, is seen at once: when the screen is left there is no text to look at any more.
    const onScroll = () => {
      seen = placeIn(text)
      clearTimeout(timer)
      timer = setTimeout(keep, PAUSE_MS)
    }
    const place = mark?.place ?? 0
    // After the router's own scroll to the top.
    const frame = requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (place > placeIn(text) + WORTH_FINDING && place < AT_END) scrollToPlace(text, place)
      }),
    )
    addEventListener('scroll', onScroll, { passive: true })
    return () => {
      cancelAnimationFrame(frame)
      removeEventListener('scroll', onScroll)
      if (timer) keep()
    }
  }
}
