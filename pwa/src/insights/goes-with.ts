/** What tends to go with lighter and heavier days. It says what goes together, never what causes what. */
import { dayKey, type DayKey as Day } from '../lib/dates.ts'
import { mean, type Felt } from './days.ts'

export interface Marked extends Felt {
  contexts: readonly string[]
}

export interface GoesWith {
  id: string
  /** Mean mood of days with it minus days without it, in steps of the five-step scale. */
  difference: number
  low: number
  high: number
  /** True when the whole 95 % interval lies on one side of nothing. */
  sure: boolean
  days: number
}

/** A comparison with fewer days than this on either side is not made at all. */
export const FEWEST_DAYS = 7
const WORTH_SAYING = 0.3

interface Side {
  mean: number
  /** Squared standard error of the mean. */
  error: number
  count: number
}

function side(values: readonly number[]): Side {
  const count = values.length
  const middle = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1)
  return { mean: middle, error: variance / count, count }
}

/** The two-sided 95 % point of Student's t (Abramowitz and Stegun 1964, 26.7.5), within 0.6 % from six degrees on. */
export function studentT(freedom: number): number {
  const z = 1.959964
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
}

/** The interval of the difference of two means with unequal variances (Welch 1947, Biometrika 34). */
function compare(id: string, withIt: readonly number[], without: readonly number[]): GoesWith {
  const a = side(withIt)
  const b = side(without)
  const error = a.error + b.error
  const freedom =
    error === 0 ? Infinity : error ** 2 / (a.error ** 2 / (a.count - 1) + b.error ** 2 / (b.count - 1))
  const reach = studentT(freedom) * Math.sqrt(error)
  const difference = a.mean - b.mean
  const [low, high] = [difference - reach, difference + reach]
  return { id, difference, low, high, sure: low > 0 || high < 0, days: a.count }
}

interface NotedDay {
  moods: number[]
  contexts: Set<string>
}

function byDay(checkIns: readonly Marked[]): NotedDay[] {
  const days = new Map<Day, NotedDay>()
  for (const { felt_at, mood, contexts } of checkIns) {
    const key = dayKey(felt_at)
    const day = days.get(key) ?? { moods: [], contexts: new Set<string>() }
    day.moods.push(mood)
    for (const context of contexts) day.contexts.add(context)
    days.set(key, day)
  }
  return [...days.values()]
}

/** Differences worth saying, the largest first. Compares days, not check-ins: a day with six entries counts once. */
export function goesWith(checkIns: readonly Marked[]): GoesWith[] {
  const days = byDay(checkIns).map(({ moods, contexts }) => ({
    mood: mean(moods),
    contexts,
  }))
  const ids = new Set(days.flatMap(({ contexts }) => [...contexts]))
  const found: GoesWith[] = []
  for (const id of ids) {
    const withIt = days.filter(({ contexts }) => contexts.has(id)).map(({ mood }) => mood)
    const without = days.filter(({ contexts }) => !contexts.has(id)).map(({ mood }) => mood)
    if (withIt.length >= FEWEST_DAYS && without.length >= FEWEST_DAYS)
      found.push(compare(id, withIt, without))
  }
  return found
    .filter(({ difference }) => Math.abs(difference) >= WORTH_SAYING)
    .sort((a, b) => Number(b.sure) - Number(a.sure) || Math.abs(b.difference) - Math.abs(a.difference))
}
