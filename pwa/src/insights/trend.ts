/** The line through the days: each day's mood, and the mean of the seven days that end with it. */
import { addDays, daysBetween, type DayKey as Day } from '../lib/dates.ts'
import { mean } from './days.ts'

export interface TrendPoint {
  day: Day
  mood: number | null
  /** Mean of the last seven days; null while fewer than `FEWEST` of them have a check-in. */
  mean: number | null
}

const WINDOW = 7
const FEWEST = 3

function meanEnding(day: Day, moods: ReadonlyMap<Day, number>): number | null {
  const found: number[] = []
  for (let back = 0; back < WINDOW; back += 1) {
    const mood = moods.get(addDays(day, -back))
    if (mood !== undefined) found.push(mood)
  }
  return found.length < FEWEST ? null : mean(found)
}

export function trend(moods: ReadonlyMap<Day, number>, from: Day, to: Day): TrendPoint[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => {
    const day = addDays(from, index)
    return { day, mood: moods.get(day) ?? null, mean: meanEnding(day, moods) }
  })
}

export type Direction = 'lighter' | 'heavier' | 'same' | 'unknown'

/** How the newest seven-day mean stands to the one a span earlier; under a third of a step counts as the same. */
export function direction(points: readonly TrendPoint[], span = 28): Direction {
  const means = points.slice(-span - 1).filter((point) => point.mean !== null)
  const first = means[0]?.mean
  const last = means.at(-1)?.mean
  if (means.length < WINDOW || first == null || last == null) return 'unknown'
  if (Math.abs(last - first) < 1 / 3) return 'same'
  return last > first ? 'lighter' : 'heavier'
}

/** Runs of neighbouring days that have a mean, so that a long silence is a gap and not a line. */
export function runs(points: readonly TrendPoint[]): { index: number; mean: number }[][] {
  const found: { index: number; mean: number }[][] = []
  let open = false
  points.forEach(({ mean }, index) => {
    if (mean === null) open = false
    else {
      if (!open) found.push([])
      found.at(-1)?.push({ index, mean })
      open = true
    }
  })
  return found
}

/** The lowest and the highest of the five steps that a picture of the points needs: at least three of them. */
export function reach(points: readonly TrendPoint[]): { low: number; high: number } {
  const moods = points.flatMap(({ mood, mean }) => [mood, mean].filter((value) => value !== null))
  const low = Math.floor(Math.min(3, ...moods))
  return { low, high: Math.max(low + 2, Math.ceil(Math.max(3, ...moods))) }
}
