import { IDBFactory } from 'fake-indexeddb'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { MasterRow } from '../../src/records/database.ts'
import { COLLECTIONS } from '../../src/records/types.ts'

async function modules() {
  const [database, sheets] = await Promise.all([
    import('../../src/records/database.ts'),
    import('../../src/records/sheets.ts'),
  ])
  return { ...database, ...sheets }
}

let phone: Awaited<ReturnType<typeof modules>>

beforeEach(async () => {
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  phone = await modules()
})

const row = (number: number, rev = 1): MasterRow => {
  const id = String(number).padStart(4, '0')
  return { collection: 'checkins', id, doc: { id, rev, _deleted: false } }
}
const many = (count: number): MasterRow[] => Array.from({ length: count }, (_, index) => row(index))
const keep = (rows: MasterRow[]) =>
  phone.atomically(['masters'], (tx) => phone.keepRows(tx.objectStore('masters'), rows))
const count = async () => (await phone.database()).count('masters')

describe('sheets', () => {
  it('hold hundreds of rows in a few', async () => {
    await keep(many(500))
    expect(await count()).toBe(10)
    expect(await phone.allRows('masters')).toHaveLength(500)
  })

  it('give one row without touching the others, which lie where they lay', async () => {
    await keep(many(100))
    await keep([row(7, 2)])
    const store = (await phone.database()).transaction('masters').store
    const found = await phone.rowsOf(store, 'checkins', ['0006', '0007', '9999'])
    expect([...found.values()]).toEqual([row(6), row(7, 2)])
    expect(await count()).toBe(3)
  })

  it('are gone with their last row', async () => {
    await keep(many(60))
    await phone.atomically(['masters'], (tx) => phone.dropRows(tx.objectStore('masters'), many(60)))
    expect(await count()).toBe(0)
  })

  it('hold what a plain map would, whatever is kept and dropped', async () => {
    const rows = fc.array(
      fc.record({
        collection: fc.constantFrom(...COLLECTIONS),
        id: fc.stringMatching(/^[0-9a-f]{1,2}$/),
      }),
      { maxLength: 120 },
    )
    const step = fc.record({ kept: rows, dropped: rows })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
        const plain = new Map<string, MasterRow>()
        await phone.forgetEverything()
        for (const [turn, { kept, dropped }] of steps.entries()) {
          const filled = kept.map((named) => ({
            ...named,
            doc: { id: named.id, rev: turn, _deleted: false },
          }))
          await phone.atomically(['masters'], async (tx) => {
            await phone.keepRows(tx.objectStore('masters'), filled)
            await phone.dropRows(tx.objectStore('masters'), dropped)
          })
          for (const each of filled) plain.set(phone.nameOf(each), each)
          for (const each of dropped) plain.delete(phone.nameOf(each))
        }
        const there = new Map((await phone.allRows('masters')).map((each) => [phone.nameOf(each), each]))
        expect(there).toEqual(plain)
      }),
      { numRuns: 40 },
    )
  })
})
