import { describe, expect, test } from 'vitest'
import { account } from '../../src/messages/en/account.ts'
import { en } from '../../src/messages/en.ts'
import { fill } from '../../src/messages/fill.ts'

describe('a message with places', () => {
  test('takes its values', () => {
    expect(fill('{now} of {all}', { now: 2, all: 5 })).toBe('2 of 5')
  })

  test.each([
    [0, '0 days'],
    [1, '1 day'],
    [2, '2 days'],
  ])('has the plural form of %i', (count, words) => {
    expect(fill({ one: '{count} day', other: '{count} days' }, { count })).toBe(words)
  })
})

function* texts(value: unknown, path = ''): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value]
  else for (const [key, inner] of Object.entries(value as object)) yield* texts(inner, `${path}/${key}`)
}
const all = [...texts(en), ...texts(account)]

describe('the words of the interface', () => {
  test('never scold, hurry or shout', () => {
    const harsh = all.filter(([, text]) =>
      /!|\byou (?:missed|failed|should|must)\b|\bhurry up\b|streak/i.test(text),
    )
    expect(harsh).toEqual([])
  })

  test('keep to British spelling', () => {
    const american = all.filter(([, text]) =>
      /\b(?:color|favorite|canceled|organize|center|behavior)\b/i.test(text),
    )
    expect(american).toEqual([])
  })

  test('name every feeling and context that is offered', () => {
    const { feelingGroups, feelings, contexts } = en.words
    expect(feelingGroups.flatMap(({ ids }) => [...ids]).sort()).toEqual(Object.keys(feelings).sort())
    expect(Object.keys(feelings)).toHaveLength(24)
    expect(Object.keys(contexts)).toHaveLength(16)
  })

  test('use ids that the server takes', () => {
    const ids = [...Object.keys(en.words.feelings), ...Object.keys(en.words.contexts)]
    expect(ids.filter((id) => !/^[a-z0-9][a-z0-9_-]{0,39}$/.test(id))).toEqual([])
  })
})
