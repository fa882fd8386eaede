// The text that the page of a first visit brought along (server/firstpage.py): there before the rest of the library.
import type { Chapter, Guide, Reading, Ref } from './types.ts'

export interface Arrived {
  ref: Ref
  text: Reading | Guide
  chapters: Chapter[]
}

/** null on every other page. */
export function arrivedText(): Arrived | null {
  const data = typeof document === 'object' ? document.getElementById('arrived')?.textContent : null
  return data ? (JSON.parse(data) as Arrived) : null
}
