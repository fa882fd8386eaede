// Days are the person's own: local calendar days as 'YYYY-MM-DD' (toISOString would give UTC days).

export type DayKey = string

const pad = (value: number, width = 2) => String(value).padStart(width, '0')

/** The local calendar day of a moment. */
export function dayKey(at: Date | string = new Date()): DayKey {
  const date = typeof at === 'string' ? new Date(at) : at
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** Local noon of a day: safe from daylight saving, for formatting and for walking the calendar. */
export function dateOf(day: DayKey): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date, 12)
}

/** The day `count` days later (or earlier, when negative). */
export function addDays(day: DayKey, count: number): DayKey {
  const date = dateOf(day)
  date.setDate(date.getDate() + count)
  return dayKey(date)
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: DayKey, to: DayKey): number {
  return Math.round((utcNoon(to) - utcNoon(from)) / 86_400_000)
}

/** ISO weekday: 1 Monday to 7 Sunday. */
export const weekday = (day: DayKey): number => dateOf(day).getDay() || 7

/** The Monday of a day's week. */
export const weekStart = (day: DayKey): DayKey => addDays(day, 1 - weekday(day))

/** All days from one to another, both included; none when `to` is earlier. */
export function daysFrom(from: DayKey, to: DayKey): DayKey[] {
  const count = daysBetween(from, to) + 1
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(from, index))
}

/** The device's IANA zone, as the server is told it. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** Now, as it goes on the wire: RFC 3339 in UTC. */
export const nowInstant = (): string => new Date().toISOString()

function utcNoon(day: DayKey): number {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number)
  return Date.UTC(year, month - 1, date, 12)
}
