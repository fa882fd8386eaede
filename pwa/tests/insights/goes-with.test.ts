import { describe, expect, test } from 'vitest'
import { goesWith, studentT } from '../../src/insights/goes-with.ts'
import { addDays, dateOf } from '../../src/lib/dates.ts'

const at = (index: number, hour = 12) => {
  const date = dateOf(addDays('2026-01-01', index))
  date.setHours(hour)
  return date.toISOString()
}
const noted = (moods: number[], contexts: string[], from: number) =>
  moods.map((mood, index) => ({ felt_at: at(from + index), mood, contexts }))

describe('what goes with lighter and heavier days', () => {
  test('is silent with fewer than seven days on one side', () => {
    const six = noted([5, 5, 5, 5, 5, 5], ['outside'], 0)
    const many = noted([1, 2, 1, 2, 1, 2, 1, 2, 1], [], 20)
    expect(goesWith([...six, ...many])).toEqual([])
  })

  test('gives the difference with an interval that is sure when it lies on one side', () => {
    const outside = noted([4, 5, 4, 4, 5, 4, 4], ['outside'], 0)
    const inside = noted([2, 1, 2, 2, 3, 2, 1], [], 20)
    const [found] = goesWith([...outside, ...inside])
    expect(found).toMatchObject({ id: 'outside', sure: true, days: 7 })
    expect(found?.difference).toBeCloseTo(17 / 7)
    expect(found?.low).toBeGreaterThan(0)
  })

  test('is unsure where the days differ too much among themselves', () => {
    const worked = noted([1, 5, 2, 5, 1, 5, 4], ['work'], 0)
    const free = noted([5, 1, 2, 1, 4, 1, 4], [], 20)
    expect(goesWith([...worked, ...free])).toMatchObject([{ id: 'work', sure: false }])
  })

  test('counts a day once, however often it was noted', () => {
    const sameDay = Array.from({ length: 9 }, (_, hour) => ({
      felt_at: at(0, 8 + hour),
      mood: 5,
      contexts: ['outside'],
    }))
    expect(goesWith([...sameDay, ...noted([1, 2, 1, 2, 1, 2, 1, 1], [], 20)])).toEqual([])
  })

  test('does not mention a difference too small to feel', () => {
    const worked = noted([3, 3, 3, 3, 3, 3, 3], ['work'], 0)
    const free = noted([3, 3, 3, 3, 3, 3, 4], [], 20)
    expect(goesWith([...worked, ...free])).toEqual([])
  })

  test.each([
    [6, 2.447],
    [12, 2.179],
    [30, 2.042],
  ])('knows Student’s t for %i degrees of freedom', (freedom, expected) => {
    expect(Math.abs(studentT(freedom) - expected) / expected).toBeLessThan(0.006)
  })
})
