import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { describe, expect, it, vi } from 'vitest'

const ENTRY = { collection: 'checkins', id: 'a', doc: { id: 'a', mood: 3 }, stamp: 's' }

/** The database as the first version of the app made it. */
async function firstVersion(): Promise<void> {
  const db = await openDB('heartwood', 1, {
    upgrade(db) {
      for (const store of ['records', 'outbox', 'masters']) {
        db.createObjectStore(store, { keyPath: ['collection', 'id'] })
      }
      db.createObjectStore('calls', { keyPath: 'id' })
      db.createObjectStore('drafts', { keyPath: 'key' })
      db.createObjectStore('meta')
    },
  })
  await db.put('records', ENTRY)
  await db.put('outbox', ENTRY)
  await db.put('masters', { collection: 'checkins', id: 'a', doc: { id: 'a', rev: 7 } })
  await db.put('drafts', { key: 'letter', value: 'half a sentence', saved_at: '2026-11-24T20:14:00.000Z' })
  await db.put('meta', 7, 'checkpoint/checkins')
  db.close()
}

describe('the database of an earlier version', () => {
  it('is taken over with every row that is in it', async () => {
    vi.resetModules()
    globalThis.indexedDB = new IDBFactory()
    await firstVersion()
    const { database, closeDatabase, getMeta } = await import('../../src/records/database.ts')
    const db = await database()
    expect(await db.get('records', ['checkins', 'a'])).toEqual(ENTRY)
    expect(await db.getAll('outbox')).toEqual([ENTRY])
    expect((await db.get('masters', ['checkins', 'a']))?.doc.rev).toBe(7)
    expect(await db.getAll('drafts')).toHaveLength(1)
    expect(await getMeta('checkpoint/checkins')).toBe(7)
    await closeDatabase()
  })
})
