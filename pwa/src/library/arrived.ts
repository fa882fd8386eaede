// What the page of a first visit brought along (server/firstpage.py): there before the rest of the library.
import type { Chapter, Guide, PathEntry, Reading, Ref, Takeaway } from './types.ts'

/** With a text, the text and its `ref`; with the path, the path and its takeaways. */
export interface Arrived {
  chapters: Chapter[]
  ref?: Ref
  text?: Reading | Guide
  path?: PathEntry[]
  takeaways?: Takeaway[]
}

/** null on every other page. */
export function whatArrived(): Arrived | null {
  const data = typeof document === 'object' ? document.getElementById('arrived')?.textContent : null
  return data ? (JSON.parse(data) as Arrived) : null
}
