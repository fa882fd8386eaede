/** Which reading is today's: the path waits for the person, never the other way round. */
import { addDays, dayKey, type DayKey as Day } from '../lib/dates.ts'

export interface Step {
  slug: string
  order: number
}

export interface TodaysReading {
  slug: string
  /** True when it was read today and the next one waits for a later day. */
  done: boolean
  /** The day on which the next reading is offered, when `done`. */
  next: Day | null
}

const byOrder = (a: Step, b: Step) => a.order - b.order

/** `pace` is days per reading, 1 to 7. Null when the whole path has been read. */
export function todaysReading(
  path: readonly Step[],
  readAt: (slug: string) => string | null,
  pace: number,
  today: Day,
): TodaysReading | null {
  const steps = [...path].sort(byOrder)
  const read = steps
    .map(({ slug }) => ({ slug, day: readAt(slug) }))
    .filter((step): step is { slug: string; day: string } => step.day !== null)
    .map(({ slug, day }) => ({ slug, day: dayKey(day) }))
    .sort((a, b) => a.day.localeCompare(b.day))
  const last = read.at(-1)
  const next = steps.find(({ slug }) => readAt(slug) === null)
  if (last && (last.day === today || (next && addDays(last.day, pace) > today))) {
    return { slug: last.slug, done: true, next: next ? addDays(last.day, pace) : null }
  }
  return next ? { slug: next.slug, done: false, next: null } : null
}
