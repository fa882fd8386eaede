/** Special days, as server/nudges/choices.py has them. */
import type { DayKey as Day } from '../lib/dates.ts'
import type { SpecialDay } from '../records/types.ts'

const isLeap = (year: number): boolean => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1

/** True where the day falls on `today`; a yearly 29 February falls on the 28th where it must. */
export function fallsOn({ date, yearly }: Pick<SpecialDay, 'date' | 'yearly'>, today: Day): boolean {
  if (!yearly) return date === today
  const leapless = date.endsWith('-02-29') && !isLeap(Number(today.slice(0, 4)))
  return today.slice(5) === (leapless ? '02-28' : date.slice(5))
}
