// Files from elsewhere may hold anything. Whatever they hold, reading them answers or refuses, what is planned has the
// form of a record, and what is taken in can be taken back.
import { IDBFactory } from 'fake-indexeddb'
import * as fc from 'fast-check'
import { beforeEach, expect, it, vi } from 'vitest'
import type { ImportPlan } from '../../../src/records/transfer/plan.ts'
import { COLLECTIONS, type Collection } from '../../../src/records/types.ts'

type Transfer = typeof import('../../../src/records/transfer/index.ts')
type Repository = typeof import('../../../src/records/repository.ts')

const SETTINGS = { numRuns: 150, seed: 20261124 }
const ID = '019ab1c2-3d4e-7f50-8a6b-7c8d9e0f1a20'
/** Names that every object has, and other texts that are seldom thought of. */
const ODD = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u0000',
  '\ud800',
  '‮txt',
  '"',
  "'",
  '=1+1',
  '{}',
]
const oddText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ODD))

let transfer: Transfer
let repository: Repository
let recordOf: (typeof import('../../../src/records/transfer/shape.ts'))['recordOf']

beforeEach(async () => {
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  transfer = await import('../../../src/records/transfer/index.ts')
  repository = await import('../../../src/records/repository.ts')
  recordOf = (await import('../../../src/records/transfer/shape.ts')).recordOf
})

function misshapen(plan: ImportPlan): unknown[] {
  return COLLECTIONS.flatMap((name) => {
    const docs: unknown[] = plan.take[name]
    return docs.filter((doc) => recordOf(name, doc) === null)
  })
}

it('any text at all is told apart without a crash', () => {
  fc.assert(
    fc.property(fc.oneof(oddText, fc.json()), (text) => {
      expect([null, 'daylio', 'heartwood']).toContain(transfer.whatIs(text))
    }),
    { ...SETTINGS, numRuns: 1000 },
  )
})

const cell = oddText.map((text) => `"${text.replaceAll('"', '""')}"`)
const likelyCell = fc.oneof(
  cell,
  oddText,
  fc.constantFrom(
    '2026-11-23',
    '2026-02-30',
    '20:14',
    '8:14 pm',
    'meh',
    'rad',
    'friends | sleep',
    '<b>note</b>',
    '"',
  ),
)
const table = fc
  .array(fc.array(likelyCell, { maxLength: 10 }), { maxLength: 20 })
  .map((rows) =>
    ['full_date,date,weekday,time,mood,activities,note_title,note', ...rows.map((row) => row.join(','))].join(
      '\n',
    ),
  )

it('any table of Daylio gives check-ins of the right form, and says why it leaves lines out', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (text) => {
      const file = await transfer.readDaylio(text)
      const plan = await transfer.planDaylio(file, transfer.guessMoods(file.moods), [], {
        feelings: {},
        contexts: {},
      })
      expect(misshapen(plan)).toEqual([])
      expect(plan.take.checkins.length + plan.doubles + plan.refused.length).toBe(
        file.rows.length + file.refused.length,
      )
    }),
    SETTINGS,
  )
})

it.each(ODD)('a mood with the name %j is nobody’s mood until somebody says which', async (name) => {
  const text = `full_date,time,mood\n2026-11-23,20:14,"${name.replaceAll('"', '""')}"`
  const file = await transfer.readDaylio(text)
  const moods = transfer.guessMoods(file.moods)
  const plan = await transfer.planDaylio(file, moods, [], { feelings: {}, contexts: {} })
  expect(plan.take.checkins).toEqual([])
  expect(plan.refused.map(({ why }) => why)).toEqual(['no_mood'])
})

const value: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue(),
  fc.constantFrom<unknown>('2026-11-23', '2026-11-23T20:14:00Z', 'readings/boundaries', 3, null, [], {}),
)
const FIELDS = [
  'felt_at', 'mood', 'feelings', 'contexts', 'note', 'kind', 'written_at', 'prompt', 'title', 'text', 'opens_on',
  'started_at', 'item', 'words', 'slips', 'special_days', 'sealed_note', 'sealed_text', 'unreadable', '__proto__', 'rev',
] // prettier-ignore
const doc = fc
  .tuple(
    fc.constantFrom<unknown>(ID, ID.replace('20', '21'), 'no id', 7),
    fc.dictionary(fc.constantFrom(...FIELDS), value),
  )
  .map(([id, fields]) => ({
    felt_at: '2026-11-23T20:14:00Z',
    mood: 3,
    kind: 'journal',
    text: 'x',
    ...fields,
    id,
  }))
const exported = fc
  .dictionary(fc.constantFrom<Collection>(...COLLECTIONS), fc.array(fc.oneof(doc, value), { maxLength: 6 }))
  .map((collections) => JSON.stringify({ format: 'heartwood', version: 1, ...collections }))

const everything = () => Promise.all(COLLECTIONS.map((name) => repository.allOf(name)))

it('any export gives records of the right form; what is taken in is there, and can be taken back', async () => {
  await fc.assert(
    fc.asyncProperty(exported, async (text) => {
      const before = await everything()
      const plan = await transfer.planRestore(text)
      expect(misshapen(plan)).toEqual([])
      await transfer.carryOut(plan)
      for (const name of COLLECTIONS) {
        const kept = await repository.getRecords(
          name,
          plan.take[name].map(({ id }) => id),
        )
        expect(kept).not.toContain(undefined)
      }
      await transfer.undoImport()
      expect(await everything()).toEqual(before)
    }),
    { ...SETTINGS, numRuns: 60 },
  )
})

it('an import that fails in the middle leaves nothing behind', async () => {
  const days = Array.from({ length: 450 }, (_, index) => {
    const id = `019ab1c2-3d4e-7f50-8a6b-${String(index).padStart(12, '0')}`
    return { id, felt_at: '2026-11-23T20:14:00Z', mood: 3 }
  })
  const plan = await transfer.planRestore(JSON.stringify({ format: 'heartwood', version: 1, checkins: days }))
  await expect(
    transfer.carryOut(plan, (share) => {
      if (share > 0.4) throw new DOMException('no space left', 'QuotaExceededError')
    }),
  ).rejects.toThrow('no space left')
  expect(await repository.allOf('checkins')).toEqual([])
})
