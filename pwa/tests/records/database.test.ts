import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { describe, expect, it, vi } from 'vitest'

const MASTER = { collection: 'checkins', id: 'a', doc: { id: 'a', rev: 7 } }
const ENTRY = { collection: 'checkins', id: 'a', doc: { id: 'a', mood: 3 }, stamp: 's' }

/** The database as former versions of the app made it: each row by itself, with its key in it, then beside it. */
async function formerVersion(version: 1 | 2): Promise<void> {
  const db = await openDB('heartwood', version, {
    upgrade(db) {
      for (const store of ['records', 'outbox', 'masters']) {
        db.createObjectStore(store, version === 1 ? { keyPath: ['collection', 'id'] } : {})
      }
      db.createObjectStore('calls', { keyPath: 'id' })
      db.createObjectStore('drafts', { keyPath: 'key' })
      db.createObjectStore('meta')
    },
  })
  const key = version === 1 ? undefined : ['checkins', 'a']
  await db.put('records', ENTRY, key)
  await db.put('outbox', ENTRY, key)
  await db.put('masters', MASTER, key)
  await db.put('drafts', { key: 'letter', value: 'half a sentence', saved_at: '2026-11-24T20:14:00.000Z' })
  await db.put('meta', 7, 'checkpoint/checkins')
  db.close()
}

describe.each([1, 2] as const)('the database of version %i', (version) => {
  it('is taken over with every row that is in it', async () => {
    vi.resetModules()
    globalThis.indexedDB = new IDBFactory()
    await formerVersion(version)
    const { allRows, database, closeDatabase, getMeta } = await import('../../src/records/database.ts')
    const db = await database()
    expect(await allRows('records')).toEqual([ENTRY])
    expect(await allRows('outbox')).toEqual([ENTRY])
    expect(await allRows('masters')).toEqual([MASTER])
    expect(await db.getAll('drafts')).toHaveLength(1)
    expect(await getMeta('checkpoint/checkins')).toBe(7)
    await closeDatabase()
  })
})
