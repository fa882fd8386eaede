/** One page about a stretch of days, for somebody the person trusts. */
import { dayKey, type DayKey } from '../lib/dates.ts'
import type { CheckIn, Urge } from '../records/types.ts'
import { mean } from './days.ts'
import { hardestPart, type PartOfDay } from './hours.ts'

export interface Summary {
  checkIns: CheckIn[]
  /** Null without a single check-in. */
  mean: number | null
  hardest: PartOfDay | null
  urges: number
  passed: number
  /** What helped, the most frequent first. */
  helped: string[]
  feelings: string[]
}

const MOST = 5

function frequent(ids: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST)
    .map(([id]) => id)
}

export function summaryOf(
  checkIns: readonly CheckIn[],
  urges: readonly Urge[],
  from: DayKey,
  to: DayKey,
): Summary {
  const within = (instant: string) => dayKey(instant) >= from && dayKey(instant) <= to
  const noted = checkIns.filter(({ felt_at }) => within(felt_at))
  const ended = urges.filter(({ started_at, outcome }) => outcome !== null && within(started_at))
  const passed = ended.filter(({ outcome }) => outcome === 'passed')
  return {
    checkIns: noted,
    mean: noted.length > 0 ? mean(noted.map(({ mood }) => mood)) : null,
    hardest: hardestPart(noted),
    urges: ended.length,
    passed: passed.length,
    helped: frequent(passed.flatMap(({ helped }) => helped)),
    feelings: frequent(noted.flatMap(({ feelings }) => feelings)),
  }
}
