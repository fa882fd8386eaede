import { describe, expect, test } from 'vitest'
import { moodByDay } from '../../src/insights/days.ts'
import { hardestPart, partOfDay } from '../../src/insights/hours.ts'
import { todaysReading } from '../../src/insights/path.ts'
import { space } from '../../src/insights/space.ts'
import { summaryOf } from '../../src/insights/summary.ts'
import { dateOf } from '../../src/lib/dates.ts'
import { blank, type CheckIn, type Urge } from '../../src/records/types.ts'

const local = (day: string, hour: number) => {
  const date = dateOf(day)
  date.setHours(hour, 30)
  return date.toISOString()
}
const checkIn = (day: string, hour: number, mood: CheckIn['mood'], feelings: string[] = []): CheckIn => ({
  ...blank('checkins', `${day}-${hour}`),
  felt_at: local(day, hour),
  mood,
  feelings,
})

describe('a day', () => {
  test('has the mean of its check-ins, by the local calendar', () => {
    const moods = moodByDay([
      checkIn('2026-03-29', 0, 1),
      checkIn('2026-03-29', 23, 4),
      checkIn('2026-03-30', 0, 5),
    ])
    expect([...moods]).toEqual([
      ['2026-03-29', 2.5],
      ['2026-03-30', 5],
    ])
  })

  test.each([
    [3, 'night'],
    [5, 'morning'],
    [12, 'afternoon'],
    [18, 'evening'],
    [23, 'evening'],
  ])('at %i is %s', (hour, part) => {
    expect(partOfDay(hour)).toBe(part)
  })

  test('has a hardest part once two parts have seven check-ins each', () => {
    const mornings = Array.from({ length: 7 }, (_, n) => checkIn(`2026-04-0${n + 1}`, 9, 2))
    const evenings = Array.from({ length: 7 }, (_, n) => checkIn(`2026-04-0${n + 1}`, 20, 4))
    expect(hardestPart([...mornings, ...evenings])).toBe('morning')
    expect(hardestPart([...mornings, ...evenings.slice(1)])).toBeNull()
  })
})

describe('days of space', () => {
  test('a slip is one hard day among the others, not a new beginning', () => {
    expect(space('none', '2026-01-01', ['2026-01-05', '2026-01-05', '2026-01-20'], '2026-02-04')).toEqual({
      total: 35,
      held: 33,
    })
  })

  test('slips outside the count are not counted', () => {
    expect(space('needed', '2026-01-01', ['2025-12-31'], '2026-01-01')).toEqual({ total: 1, held: 1 })
  })

  test('there is no count when it is off, has no beginning or lies ahead', () => {
    expect(space('off', '2026-01-01', [], '2026-01-02')).toBeNull()
    expect(space('none', null, [], '2026-01-02')).toBeNull()
    expect(space('none', '2026-01-03', [], '2026-01-02')).toBeNull()
  })
})

describe('today’s reading', () => {
  const path = [
    { slug: 'second', order: 2 },
    { slug: 'first', order: 1 },
    { slug: 'third', order: 3 },
  ]
  const readOn = (days: Record<string, string>) => (slug: string) => {
    const day = days[slug]
    return day === undefined ? null : local(day, 21)
  }

  test('is the first that was not read, however long ago the last one was', () => {
    expect(todaysReading(path, readOn({ first: '2026-01-01' }), 1, '2026-06-01')?.slug).toBe('second')
    expect(todaysReading(path, readOn({}), 1, '2026-06-01')?.slug).toBe('first')
  })

  test('stays the same for the rest of the day on which it was read', () => {
    expect(todaysReading(path, readOn({ first: '2026-06-01' }), 1, '2026-06-01')).toEqual({
      slug: 'first',
      done: true,
      next: '2026-06-02',
    })
  })

  test('keeps the pace that was chosen', () => {
    const read = readOn({ first: '2026-06-01' })
    expect(todaysReading(path, read, 3, '2026-06-03')).toMatchObject({ done: true, next: '2026-06-04' })
    expect(todaysReading(path, read, 3, '2026-06-04')).toMatchObject({ slug: 'second', done: false })
  })

  test('ends when all were read', () => {
    const read = readOn({ first: '2026-06-01', second: '2026-06-02', third: '2026-06-03' })
    expect(todaysReading(path, read, 1, '2026-06-04')).toBeNull()
  })
})

describe('the summary', () => {
  test('counts only what lies in its days, both included', () => {
    const entries = [
      checkIn('2026-05-01', 9, 1),
      checkIn('2026-05-02', 9, 2, ['sad']),
      checkIn('2026-05-03', 9, 4, ['sad', 'calm']),
    ]
    const urge = (day: string, outcome: Urge['outcome']): Urge => ({
      ...blank('urges', day),
      started_at: local(day, 22),
      outcome,
      helped: ['wave'],
    })
    const urges = [urge('2026-05-02', 'passed'), urge('2026-05-03', 'texted'), urge('2026-05-03', null)]
    expect(summaryOf(entries, urges, '2026-05-02', '2026-05-03')).toMatchObject({
      mean: 3,
      urges: 2,
      passed: 1,
      helped: ['wave'],
      feelings: ['sad', 'calm'],
    })
  })

  test('has no mean without a check-in', () => {
    expect(summaryOf([], [], '2026-05-02', '2026-05-03').mean).toBeNull()
  })
})
