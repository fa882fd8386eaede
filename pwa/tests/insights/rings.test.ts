import { describe, expect, test } from 'vitest'
import { dayAt, plainRings, ringPicture, ringRadii, SIZE } from '../../src/insights/rings.ts'
import { addDays } from '../../src/lib/dates.ts'

const START = '2026-01-01'
const arcsIn = (path: string) => path.split('Z').length - 1

describe('the ring picture', () => {
  test('draws one arc a day, in its mood or bare', () => {
    const moods = new Map([
      [START, 1],
      [addDays(START, 1), 4.6],
      [addDays(START, 8), 3],
    ])
    const picture = ringPicture(START, addDays(START, 9), moods)
    expect(picture.weeks).toBe(2)
    expect(picture.moods.map(arcsIn)).toEqual([1, 0, 1, 0, 1])
    expect(arcsIn(picture.bare)).toBe(7)
    expect(arcsIn(picture.today)).toBe(1)
  })

  test('begins with a single arc and shows the rings to come', () => {
    const picture = ringPicture(START, START, new Map())
    expect(picture.weeks).toBe(1)
    expect(arcsIn(picture.bare)).toBe(1)
    expect(arcsIn(picture.ahead)).toBeGreaterThan(3)
  })

  test('is not upset by a start that lies in the future', () => {
    expect(ringPicture('2026-05-01', START, new Map()).weeks).toBe(1)
  })

  test.each([1, 7, 52, 260])('keeps %i rings apart and inside the picture', (weeks) => {
    const rings = ringRadii(weeks)
    rings.slice(1).forEach((ring, index) => expect(ring.inner).toBe(rings[index]?.outer))
    expect(rings.every(({ inner, outer }) => outer > inner)).toBe(true)
    expect(rings.at(-1)?.outer).toBeLessThan(SIZE / 2)
  })

  test('finds the day under a finger', () => {
    const today = addDays(START, 20)
    for (let index = 0; index <= 20; index += 1) {
      const day = addDays(START, index)
      const [x, y] = middleOf(ringPicture(START, today, new Map([[day, 3]])).moods[2] ?? '')
      expect(dayAt(x, y, START, today)).toBe(day)
    }
  })

  test('finds no day in the pith, outside, or in the part of a week that has not come', () => {
    const today = addDays(START, 7)
    expect(dayAt(SIZE / 2, SIZE / 2, START, today)).toBeNull()
    expect(dayAt(1, 1, START, today)).toBeNull()
  })

  test('counts things as plain rings, however many they are', () => {
    expect(plainRings(3)).toHaveLength(3)
    expect(plainRings(200)).toHaveLength(200)
  })
})

/** The mean of an arc's corners lies inside it, as no arc is longer than a seventh of the round. */
function middleOf(path: string): [x: number, y: number] {
  const points = path
    .slice(1, -1)
    .split('L')
    .map((pair) => pair.split(' ').map(Number))
  const mean = (at: number) => points.reduce((sum, point) => sum + (point[at] ?? 0), 0) / points.length
  return [mean(0), mean(1)]
}
