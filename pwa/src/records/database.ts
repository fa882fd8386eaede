// The one IndexedDB database, shared by all tabs and the service worker.
import { openDB, unwrap, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import type { Clear, Collection } from './types.ts'
import type { MasterDoc, WireDoc } from './wire.ts'

export type Key = [collection: Collection, id: string]

export interface RecordRow {
  collection: Collection
  id: string
  doc: Clear[Collection]
  /** New with every change of the record, from here or from the server. */
  stamp: string
}

/** What the server has yet to be told about a record: its newest state, as it will travel. */
export interface OutboxRow {
  collection: Collection
  id: string
  doc: WireDoc
  /** New with every change, so that an answer settles only the change that it answers. */
  stamp: string
  /** Why the server would not have it; it waits for the next change then. */
  refused?: string
}

/** What the server last had: the common ground of a three-way merge. */
export interface MasterRow {
  collection: Collection
  id: string
  doc: MasterDoc
}

/** A small call that waits for the network: a nudge's outcome, a pause. */
export interface CallRow {
  id: string
  path: string
  body: unknown
  /** After this moment it is dropped unsent. */
  until: string | null
}

export interface Draft {
  key: string
  value: unknown
  saved_at: string
}

interface Schema extends DBSchema {
  records: { key: Key; value: RecordRow }
  outbox: { key: Key; value: OutboxRow }
  masters: { key: Key; value: MasterRow }
  calls: { key: string; value: CallRow }
  drafts: { key: string; value: Draft }
  meta: { key: string; value: unknown }
}

export type Database = IDBPDatabase<Schema>

type Row = RecordRow | OutboxRow | MasterRow
type Synced = (typeof SYNCED)[number]

const SYNCED = ['records', 'outbox', 'masters'] as const
const NAME = 'heartwood'
const VERSION = 2

let opened: Promise<Database> | null = null

/** Opens the database, once. Raises when the device keeps none (some private windows). */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db, before, _now, tx) {
      if (before < 1) {
        db.createObjectStore('calls', { keyPath: 'id' })
        db.createObjectStore('drafts', { keyPath: 'key' })
        db.createObjectStore('meta')
      }
      for (const store of SYNCED) {
        if (before < 1) db.createObjectStore(store)
        else void putKeysBeside(db, tx, store)
      }
    },
    // A newer version of the app in another tab must not wait for this one.
    blocking: () => void closeDatabase(),
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

/** From version 1, with each key inside its row, which browsers must read back from a row before they keep it. */
async function putKeysBeside(db: Database, tx: Upgrade, store: Synced): Promise<void> {
  const rows: Row[] = await tx.objectStore(store).getAll()
  db.deleteObjectStore(store)
  db.createObjectStore(store)
  for (const row of rows) putRow(tx, store, row)
}

/** Closes the connection; the next use opens it anew. */
export async function closeDatabase(): Promise<void> {
  const closing = opened
  opened = null
  ;(await closing)?.close()
}

type Store = 'records' | 'outbox' | 'masters' | 'calls' | 'drafts' | 'meta'
export type Transaction = IDBPTransaction<Schema, Store[], 'readwrite'>
type Upgrade = IDBPTransaction<Schema, Store[], 'versionchange'>

/**
 * Does work in one transaction: when this resolves all of it is kept, when it raises nothing of it happened. The work
 * may wait for its own requests only, else the transaction closes under it.
 */
export async function atomically<T>(
  stores: Store[],
  work: (tx: Transaction) => Promise<T> | T,
  durability: IDBTransactionDurability = 'default',
): Promise<T> {
  const tx = (await database()).transaction(stores, 'readwrite', { durability })
  // Heard here too, so that an abort is never an unhandled rejection while the work still runs.
  tx.done.catch(() => undefined)
  try {
    const result = await work(tx)
    await tx.done
    return result
  } catch (error) {
    abort(tx)
    throw tx.error ?? error
  }
}

function abort(tx: Transaction): void {
  try {
    tx.abort()
  } catch {
    // It has ended by itself.
  }
}

/**
 * Keeps a row. Its failure is the transaction's, which nothing of survives; thousands of rows at a time need no promise
 * each.
 */
export function putRow<N extends Synced>(tx: Transaction | Upgrade, store: N, row: Schema[N]['value']): void {
  unwrap(tx).objectStore(store).put(row, [row.collection, row.id])
}

/** Forgets a row, as `putRow` keeps one. */
export function dropRow(tx: Transaction, store: Synced, key: Key): void {
  unwrap(tx).objectStore(store).delete(key)
}

/** All keys of one collection. */
export const rangeOf = (collection: Collection): IDBKeyRange =>
  IDBKeyRange.bound([collection], [collection, []])

interface Rows<T> {
  count(range: IDBKeyRange): Promise<number>
  getAll(range: IDBKeyRange): Promise<T[]>
  get(key: Key): Promise<T | undefined>
}

/**
 * The rows that have these ids. Ids are made in order of time, so records that travel together lie together: then one
 * request reads them all, else each has its own.
 */
export async function rowsOf<T extends { id: string }>(
  store: Rows<T>,
  collection: Collection,
  ids: readonly string[],
): Promise<Map<string, T>> {
  const sorted = ids.toSorted()
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)]
  const range = IDBKeyRange.bound([collection, first], [collection, last])
  const near = (await store.count(range)) <= 2 * ids.length
  const rows = near
    ? await store.getAll(range)
    : await Promise.all(ids.map((id) => store.get([collection, id])))
  const wanted = new Set(ids)
  const found = rows.filter((row) => row !== undefined && wanted.has(row.id)) as T[]
  return new Map(found.map((row) => [row.id, row]))
}

/** One value of the small store of facts about this device. */
export async function getMeta<T>(key: string): Promise<T | undefined> {
  return (await (await database()).get('meta', key)) as T | undefined
}

export async function setMeta(key: string, value: unknown): Promise<void> {
  await (await database()).put('meta', value, key)
}

export async function dropMeta(key: string): Promise<void> {
  await (await database()).delete('meta', key)
}

/** Empties every store: this phone forgets. */
export async function forgetEverything(): Promise<void> {
  const stores: Store[] = ['records', 'outbox', 'masters', 'calls', 'drafts', 'meta']
  await atomically(stores, (tx) => Promise.all(stores.map((name) => tx.objectStore(name).clear())))
}
