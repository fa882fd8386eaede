import { describe, expect, test } from 'vitest'
import { direction, reach, runs, trend } from '../../src/insights/trend.ts'
import { addDays } from '../../src/lib/dates.ts'

const START = '2026-03-01'
const days = (moods: (number | null)[]) =>
  new Map(moods.flatMap((mood, index) => (mood === null ? [] : [[addDays(START, index), mood] as const])))
const line = (moods: (number | null)[]) => trend(days(moods), START, addDays(START, moods.length - 1))

describe('the trend', () => {
  test('is the mean of the last seven days that have a check-in', () => {
    const points = line([1, 2, 3, 4, 5, 1, 2, 3])
    expect(points[6]?.mean).toBeCloseTo(18 / 7)
    expect(points[7]?.mean).toBeCloseTo(20 / 7)
  })

  test('says nothing from fewer than three days', () => {
    expect(line([3, 3]).map(({ mean }) => mean)).toEqual([null, null])
    expect(line([3, null, 3, 3]).at(-1)?.mean).toBe(3)
  })

  test('leaves a gap where nothing was noted for long, instead of drawing across it', () => {
    const silence = Array.from({ length: 12 }, () => null)
    expect(runs(line([3, 3, 3, ...silence, 2, 2, 2]))).toHaveLength(2)
  })

  test('reaches as far as its days, over three steps at least', () => {
    expect(reach(line([4, 5, 5]))).toEqual({ low: 3, high: 5 })
    expect(reach(line([1, null]))).toEqual({ low: 1, high: 3 })
    expect(reach(line([2, 4.5]))).toEqual({ low: 2, high: 5 })
    expect(reach(line([3]))).toEqual({ low: 3, high: 5 })
  })

  test('has no points when it ends before it begins', () => {
    expect(trend(new Map(), START, addDays(START, -3))).toEqual([])
  })

  test.each([
    ['lighter', 2, 4],
    ['heavier', 4, 2],
    ['same', 3, 3.2],
  ] as const)('calls the way of four weeks %s', (expected, before, after) => {
    const moods = Array.from({ length: 36 }, (_, index) => (index < 15 ? before : after))
    expect(direction(line(moods))).toBe(expected)
  })

  test('knows no way from a few days', () => {
    expect(direction(line([3, 4, 5, 4]))).toBe('unknown')
  })
})
