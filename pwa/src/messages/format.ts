/** Dates, times and numbers in words, in the language of the interface. */
import { dateOf, dayKey, type DayKey } from '../lib/dates.ts'
import { once } from '../lib/once.ts'

const LOCALE = 'en-GB'

const formatter = (options: Intl.DateTimeFormatOptions) =>
  once(() => new Intl.DateTimeFormat(LOCALE, options))
const long = formatter({ weekday: 'long', day: 'numeric', month: 'long' })
const dated = formatter({ day: 'numeric', month: 'long', year: 'numeric' })
const short = formatter({ day: 'numeric', month: 'short' })
const weekday = formatter({ weekday: 'long' })
const month = formatter({ month: 'long', year: 'numeric' })
const clock = formatter({ hour: '2-digit', minute: '2-digit' })
const together = once(() => new Intl.ListFormat(LOCALE, { type: 'conjunction' }))
const countries = once(() => new Intl.DisplayNames(LOCALE, { type: 'region' }))
const tongues = once(() => new Intl.DisplayNames(LOCALE, { type: 'language' }))

/** 'Tuesday 24 November'. */
export const longDay = (day: DayKey): string => long().format(dateOf(day)).replace(',', '')
/** '24 November 2026'. */
export const datedDay = (day: DayKey): string => dated().format(dateOf(day))
/** 'Tuesday 24 November'; with its year where that is not the year of `today`. */
export const dayOf = (day: DayKey, today: DayKey): string =>
  day.slice(0, 4) === today.slice(0, 4) ? longDay(day) : datedDay(day)
/** '24 Nov'. */
export const shortDay = (day: DayKey): string => short().format(dateOf(day))
export const weekdayName = (day: DayKey): string => weekday().format(dateOf(day))
export const monthName = (day: DayKey): string => month().format(dateOf(day))
/** '20:14', local time. */
export const timeOf = (instant: string | Date): string => clock().format(new Date(instant))
export const hourName = (hour: number): string => clock().format(new Date(2000, 0, 1, hour))
export const listed = (words: string[]): string => together().format(words)
export const countryName = (region: string): string => countries().of(region) ?? region
export const languageName = (code: string): string => tongues().of(code) ?? code
/** One decimal, without a plus sign. */
export const decimal = (value: number): string => Math.abs(value).toFixed(1)
/** The time alone today, else the day and the time. */
export const when = (instant: string): string =>
  dayKey(instant) === dayKey() ? timeOf(instant) : `${shortDay(dayKey(instant))}, ${timeOf(instant)}`
/** '9:05' for 545 seconds. */
export const clockOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
