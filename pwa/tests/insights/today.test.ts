import { describe, expect, test } from 'vitest'
import { todaysPractice } from '../../src/insights/practice.ts'
import { fallsOn } from '../../src/insights/special.ts'

describe('a special day', () => {
  test('falls on its date, and where it is yearly on that date of every year', () => {
    expect(fallsOn({ date: '2026-06-14', yearly: false }, '2026-06-14')).toBe(true)
    expect(fallsOn({ date: '2024-06-14', yearly: false }, '2026-06-14')).toBe(false)
    expect(fallsOn({ date: '2024-06-14', yearly: true }, '2026-06-14')).toBe(true)
    expect(fallsOn({ date: '2024-06-14', yearly: true }, '2026-06-15')).toBe(false)
  })

  test('of a leap year falls on the 28th in other years', () => {
    const day = { date: '2024-02-29', yearly: true }
    expect(fallsOn(day, '2026-02-28')).toBe(true)
    expect(fallsOn(day, '2028-02-28')).toBe(false)
    expect(fallsOn(day, '2028-02-29')).toBe(true)
  })
})

describe('the practice of a day', () => {
  const walk = { slug: 'walk', by_day: true }
  const breathing = { slug: 'breathing', by_day: false }
  const senses = { slug: 'senses', by_day: false }
  const all = [walk, breathing, senses]

  test('is that of the reading, else another one each day', () => {
    expect(todaysPractice(all, senses, 0, 12)).toBe(senses)
    expect([0, 1, 2, 3].map((day) => todaysPractice(all, undefined, day, 12))).toEqual([...all, walk])
  })

  test('is no walk in the night, whatever the reading says', () => {
    const nights = [22, 23, 0, 4].flatMap((hour) =>
      [0, 1, 2].map((day) => todaysPractice(all, walk, day, hour)),
    )
    expect(new Set(nights)).toEqual(new Set([breathing, senses]))
    expect(todaysPractice(all, walk, 0, 5)).toBe(walk)
    expect(todaysPractice(all, walk, 0, 21)).toBe(walk)
  })

  test('is none where there are none', () => {
    expect(todaysPractice(all.slice(3), undefined, 3, 12)).toBeUndefined()
    expect(todaysPractice([walk], walk, 3, 0)).toBeUndefined()
  })
})
