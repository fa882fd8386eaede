import { describe, expect, test } from 'vitest'
import { moodShape } from '../../src/components/mood-shapes.ts'
import { deviceRegion } from '../../src/components/region.ts'
import { telephone, textMessage } from '../../src/components/telephone.ts'
import { wavePoint } from '../../src/components/wave-shape.ts'
import { groupsOf, toggled, wordOf } from '../../src/components/words.ts'
import { blank } from '../../src/records/types.ts'
import { themeAt } from '../../src/style/theme.ts'

describe('the mood shapes', () => {
  test('open one by one from closed to wide', () => {
    expect(moodShape(1).outer.endsWith('z')).toBe(true)
    const gaps = [2, 3, 4, 5].map((mood) => gapOf(moodShape(mood).outer))
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
  })

  test('know five moods and no others', () => {
    expect(() => moodShape(6)).toThrow(RangeError)
  })
})

/** Width of the opening: from where the line begins, right of it, to where it ends. */
function gapOf(path: string): number {
  const [begin = '', end = ''] = path.slice(1).split('A')
  return Number(begin.split(' ')[0]) - Number(end.split(' ').at(-2))
}

describe('the wave', () => {
  test('rises to one top before the middle and comes down again', () => {
    const heights = Array.from({ length: 101 }, (_, index) => -wavePoint(index / 100).y)
    const top = heights.indexOf(Math.max(...heights))
    expect(top).toBe(42)
    expect(heights[0]).toBeCloseTo(heights[100] ?? 0)
  })

  test('stays at its end when time goes on', () => {
    expect(wavePoint(3)).toEqual(wavePoint(1))
  })
})

describe('the theme', () => {
  test.each([
    [20, false, 'light'],
    [21, false, 'dark'],
    [6, false, 'dark'],
    [7, false, 'light'],
    [12, true, 'dark'],
  ] as const)('on auto at %i, system dark %s, is %s', (hour, system, theme) => {
    expect(themeAt('auto', hour, system)).toBe(theme)
  })

  test('is what was chosen at any hour', () => {
    expect(themeAt('light', 23, true)).toBe('light')
    expect(themeAt('dark', 12, false)).toBe('dark')
  })
})

describe('the person’s own words', () => {
  const journey = blank('journey', 'j')

  test('stand in place of the given ones', () => {
    const words = { ...journey.words, feelings: { sad: 'blue', 'own-1': 'homesick' } }
    expect(wordOf('feelings', 'sad', words)).toBe('blue')
    expect(wordOf('feelings', 'own-1', words)).toBe('homesick')
    expect(wordOf('feelings', 'calm', words)).toBe('calm')
    expect(wordOf('feelings', 'from-elsewhere', words)).toBe('from-elsewhere')
  })

  test('come last, and hidden ones do not come at all', () => {
    const own = {
      ...journey,
      words: { ...journey.words, contexts: { 'own-2': 'the dog' } },
      hidden_contexts: ['drank'],
    }
    const groups = groupsOf('contexts', own)
    expect(groups.at(-1)?.ids).toEqual(['own-2'])
    expect(groups.flatMap(({ ids }) => ids)).not.toContain('drank')
    expect(groupsOf('contexts', own, true).flatMap(({ ids }) => ids)).toContain('drank')
  })

  test('are taken and left by the same tap', () => {
    expect(toggled(['sad'], 'calm')).toEqual(['sad', 'calm'])
    expect(toggled(['sad', 'calm'], 'sad')).toEqual(['calm'])
  })
})

describe('numbers and regions', () => {
  test('a number is dialled without its spaces and without the inland nought', () => {
    expect(telephone('0808 2000 247')).toBe('tel:08082000247')
    expect(telephone('+44 (0)808 2000 247')).toBe('tel:+448082000247')
    expect(textMessage('85258')).toBe('sms:85258')
  })

  test('the region is the first that a language names', () => {
    expect(deviceRegion(['en', 'de-AT', 'fr-FR'])).toBe('AT')
    expect(deviceRegion(['en', 'es-419'])).toBeNull()
  })
})
