import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blank, COLLECTIONS, type Clear, type Collection } from '../../src/records/types.ts'
import { merge } from '../../src/sync/merge.ts'

const ID = '019ab1c2-3d4e-7f50-8a6b-7c8d9e0f1a20'

const moment = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString())
const day = moment.map((at) => at.slice(0, 10))
const words = fc.string({ maxLength: 12 }).map((text) => text.trim())
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const some = <T>(...items: T[]) => fc.subarray(items)
const ids = some('sad', 'angry', 'lonely', 'calm', 'own-1')
const names = fc.dictionary(fc.constantFrom('own-1', 'own-2', 'sad'), words.filter(Boolean), {
  noNullPrototype: true,
})
const person = fc.record({ id: fc.constantFrom('p1', 'p2'), name: words, phone: words })

const DOCS: { [C in Collection]: fc.Arbitrary<Clear[C]> } = {
  checkins: fc.record({
    id: fc.constant(ID),
    felt_at: moment,
    mood: fc.constantFrom(1, 2, 3, 4, 5),
    feelings: ids,
    contexts: ids,
    note: maybe(words),
  }),
  urges: fc.record({
    id: fc.constant(ID),
    started_at: moment,
    ended_at: maybe(moment),
    outcome: fc.constantFrom('passed', 'texted', null),
    strength: fc.constantFrom(1, 5, null),
    helped: some('wave', 'reasons', 'called'),
  }),
  letters: fc.record({
    id: fc.constant(ID),
    kind: fc.constantFrom('journal', 'letter'),
    written_at: moment,
    prompt: fc.constantFrom('readings/boundaries', null),
    title: maybe(words),
    text: words,
    opens_on: maybe(day),
  }),
  marks: fc.record({
    id: fc.constant(ID),
    item: fc.constant('readings/boundaries'),
    progress: fc.constantFrom(0, 0.25, 0.5, 1),
    read_at: maybe(moment),
    done_at: maybe(moment),
    times_done: fc.nat(5),
    saved: fc.boolean(),
    helped: fc.constantFrom('yes', 'a_little', 'no', null),
    place: fc.constantFrom(0, 0.5, 1),
  }),
  journey: fc.record({
    id: fc.constant(ID),
    ended_on: maybe(day),
    contact: fc.constantFrom('none', 'needed', 'off'),
    stays_in_touch: some('children', 'work'),
    hard_hours: some(1, 2, 22, 23),
    region: fc.constantFrom('GB', 'DE', null),
    space_since: maybe(day),
    slips: fc.uniqueArray(day, { maxLength: 4 }),
    special_days: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('d1', 'd2'),
        date: day,
        yearly: fc.boolean(),
        kind: fc.constantFrom('birthday', 'other'),
      }),
      { selector: ({ id }) => id },
    ),
    pace: fc.constantFrom(1, 3, 7),
    hidden_feelings: ids,
    hidden_contexts: ids,
    words: fc.record({
      feelings: names,
      contexts: names,
      special_days: names,
      people: fc.uniqueArray(person, { selector: ({ id }) => id }),
    }),
  }),
}

describe.each(COLLECTIONS)('merging %s', (collection) => {
  const doc = DOCS[collection] as fc.Arbitrary<Clear[typeof collection]>
  const check = (rule: (base: never, local: never, server: never) => void) => {
    fc.assert(fc.property(doc, doc, doc, rule as never), { numRuns: 300, seed: 7 })
  }

  it('gives the server side where nothing changed here, and this side where nothing changed there', () => {
    check((base, local, server) => {
      expect(merge(collection, base, base, server)).toEqual(server)
      expect(merge(collection, base, local, base)).toEqual(local)
    })
  })

  it('is settled once the merged state is on the server', () => {
    check((base, local, server) => {
      const merged = merge(collection, base, local, server)
      expect(merge(collection, server, merged, server)).toEqual(merged)
      expect(merge(collection, base, merged, merged)).toEqual(merged)
      expect(merge(collection, server, merged, merged)).toEqual(merged)
    })
  })

  it('loses no words, even merged again after an answer was lost', () => {
    check(
      (base, local: Clear['letters'] & Clear['checkins'], server: Clear['letters'] & Clear['checkins']) => {
        const once = merge(collection, base, local, server) as Clear['letters'] & Clear['checkins']
        const twice = merge(collection, base, once as never, server) as Clear['letters'] & Clear['checkins']
        for (const field of ['text', 'note', 'title'] as const) {
          for (const side of [local, server]) {
            const other = side === local ? server : local
            const changed =
              side[field] !== (base as typeof local)[field] && other[field] !== (base as typeof local)[field]
            if (changed) expect(twice[field] ?? '').toContain(side[field] ?? '')
          }
          expect(twice[field]).toEqual(once[field])
        }
      },
    )
  })
})

describe('the rules', () => {
  const merged = <C extends Collection>(
    collection: C,
    base: Partial<Clear[C]> | null,
    local: Partial<Clear[C]>,
    server: Partial<Clear[C]>,
  ) => {
    const doc = (change: Partial<Clear[C]>) => ({ ...blank(collection, ID), ...change })
    return merge(collection, base && doc(base), doc(local), doc(server))
  }

  it('each field goes to the side that changed it', () => {
    const one = merged('checkins', { mood: 3, note: 'a' }, { mood: 5, note: 'a' }, { mood: 3, note: 'b' })
    expect(one).toMatchObject({ mood: 5, note: 'b' })
  })
  it('a tie goes to the server', () => {
    expect(merged('checkins', { mood: 3 }, { mood: 5 }, { mood: 1 }).mood).toBe(1)
  })
  it('text changed on both sides keeps both, once', () => {
    const texts = merged('letters', { text: '' }, { text: 'from here' }, { text: 'from there' })
    expect(texts.text).toBe('from there\n\nfrom here')
    expect(merged('letters', { text: 'a' }, { text: 'ab' }, { text: 'abc' }).text).toBe('abc')
  })
  it('lists keep what either side added and drop what either removed', () => {
    const lists = merged(
      'checkins',
      { feelings: ['a', 'b'] },
      { feelings: ['b', 'c'] },
      { feelings: ['a', 'b', 'd'] },
    )
    expect(lists.feelings).toEqual(['b', 'd', 'c'])
  })
  it('lists of ids stay as short as the server takes them', () => {
    const many = (letter: string) => Array.from({ length: 30 }, (_, index) => `${letter}${index}`)
    expect(merged('checkins', null, { feelings: many('a') }, { feelings: many('b') }).feelings).toHaveLength(
      40,
    )
  })
  it('progress takes the maximum, of those who both moved', () => {
    const marks = merged(
      'marks',
      { progress: 0.2 },
      { progress: 0.9, times_done: 2 },
      { progress: 0.5, times_done: 1 },
    )
    expect(marks).toMatchObject({ progress: 0.9, times_done: 2 })
    expect(merged('marks', { progress: 0.8 }, { progress: 0 }, { progress: 0.8 }).progress).toBe(0)
  })
  it('slips of two phones are all kept', () => {
    const slips = merged('journey', null, { slips: ['2026-11-02'] }, { slips: ['2026-11-01'] }).slips
    expect(slips).toEqual(['2026-11-01', '2026-11-02'])
  })
  it('two numbers for one person stay two people', () => {
    const people = (phone: string) => ({
      words: { ...blank('journey', ID).words, people: [{ id: 'p1', name: 'Sam', phone }] },
    })
    expect(merged('journey', people('1'), people('2'), people('3')).words.people).toEqual([
      { id: 'p1', name: 'Sam', phone: '3' },
      { id: 'p1-2', name: 'Sam', phone: '2' },
    ])
  })
})
