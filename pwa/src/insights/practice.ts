/** Which practice is offered today. */
import { partOfDay } from './hours.ts'

interface Offered {
  slug: string
  by_day: boolean
}

const LATE_HOUR = 22

/**
 * `own`, that of today's reading, else another one each day; `day` counts days since any beginning. In the night only
 * what can be done in the dark and alone. Undefined where there is none.
 */
export function todaysPractice<P extends Offered>(
  practices: readonly P[],
  own: P | undefined,
  day: number,
  hour: number,
): P | undefined {
  const night = hour >= LATE_HOUR || partOfDay(hour) === 'night'
  const fits = ({ by_day }: Offered) => !(night && by_day)
  if (own && fits(own)) return own
  const fitting = practices.filter(fits)
  return fitting[day % Math.max(1, fitting.length)]
}
