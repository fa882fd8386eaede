import { expect, it } from 'vitest'
import { addDays, dayKey, daysBetween, daysFrom, weekday, weekStart } from '../../src/lib/dates.ts'

it('knows the local day, not the UTC day', () => {
  expect(dayKey(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  expect(dayKey(new Date(2026, 0, 5, 0, 1))).toBe('2026-01-05')
})

it('walks over months, leap days and daylight saving', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
  expect(daysBetween('2026-10-26', '2026-10-24')).toBe(-2)
})

it('starts weeks on Monday', () => {
  expect(weekday('2026-11-24')).toBe(2)
  expect(weekday('2026-11-29')).toBe(7)
  expect(weekStart('2026-11-29')).toBe('2026-11-23')
})

it('lists days with both ends, and none backwards', () => {
  expect(daysFrom('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  expect(daysFrom('2026-03-01', '2026-02-27')).toEqual([])
})
