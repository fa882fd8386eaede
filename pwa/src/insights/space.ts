/** Days of space: a count that does not break. A slip is one hard day among the others. */
import { daysBetween, type DayKey as Day } from '../lib/dates.ts'

export interface Space {
  /** Days since it began, today included. */
  total: number
  /** Days among them without contact. */
  held: number
}

/** Null when the count is off, has no beginning, or begins in the future. */
export function space(contact: string, since: Day | null, slips: readonly Day[], today: Day): Space | null {
  if (contact === 'off' || !since || since > today) return null
  const total = daysBetween(since, today) + 1
  const hard = new Set(slips.filter((day) => day >= since && day <= today)).size
  return { total, held: total - hard }
}
