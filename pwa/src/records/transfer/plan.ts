// What an import would do, shown before it is done.
import type { Clear, Collection, Words } from '../types.ts'

export type Why = 'no_date' | 'no_time' | 'future' | 'no_mood' | 'too_long' | 'malformed'

export interface Refused {
  /** The line of the file, from 1; of a JSON file the number of the record. */
  line: number
  why: Why
}

export interface ImportPlan {
  /** The records to be kept, by collection. */
  take: { [C in Collection]: Clear[C][] }
  /** Names that come with them. */
  words: Pick<Words, 'feelings' | 'contexts'>
  /** Records that are here already. */
  doubles: number
  refused: Refused[]
  /** The first and last day of the check-ins; null when there are none. */
  days: { from: string; to: string } | null
}

export const emptyPlan = (): ImportPlan => ({
  take: { checkins: [], urges: [], letters: [], marks: [], journey: [] },
  words: { feelings: {}, contexts: {} },
  doubles: 0,
  refused: [],
  days: null,
})

/** How many records a plan would add or change. */
export const countOf = ({ take }: ImportPlan): number =>
  Object.values(take).reduce((sum, docs) => sum + docs.length, 0)
