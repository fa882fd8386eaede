/** The mood of each local calendar day. */
import { dayKey, type DayKey } from '../lib/dates.ts'

export interface Felt {
  felt_at: string
  mood: number
}

/** The mean mood (1 to 5) of every day with at least one check-in. */
export function moodByDay(checkIns: readonly Felt[]): Map<DayKey, number> {
  const sums = new Map<DayKey, { total: number; count: number }>()
  for (const { felt_at, mood } of checkIns) {
    const day = dayKey(felt_at)
    const sum = sums.get(day)
    if (sum) {
      sum.total += mood
      sum.count += 1
    } else sums.set(day, { total: mood, count: 1 })
  }
  return new Map([...sums].map(([day, { total, count }]) => [day, total / count]))
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** One of the five steps for a mean that may lie between two of them. */
export const stepOf = (mood: number): number => Math.min(5, Math.max(1, Math.round(mood)))
