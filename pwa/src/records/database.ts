// The one IndexedDB database, shared by all tabs and the service worker.
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import { keepRows, rowsOf, rowsOn, type Row, type Sheet, type Writable } from './sheets.ts'
import type { Clear, Collection } from './types.ts'
import type { MasterDoc, WireDoc } from './wire.ts'

export interface RecordRow extends Row {
  doc: Clear[Collection]
  /** New with every change of the record, from here or from the server. */
  stamp: string
}

/** What the server has yet to be told about a record: its newest state, as it will travel. */
export interface OutboxRow extends Row {
  doc: WireDoc
  /** New with every change, so that an answer settles only the change that it answers. */
  stamp: string
  /** Why the server would not have it; it waits for the next change then. */
  refused?: string
}

/** What the server last had: the common ground of a three-way merge. */
export interface MasterRow extends Row {
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

interface Sheets<R extends Row> {
  key: number
  value: Sheet<R>
  indexes: { names: string }
}

interface Schema extends DBSchema {
  records: Sheets<RecordRow>
  outbox: Sheets<OutboxRow>
  masters: Sheets<MasterRow>
  calls: { key: string; value: CallRow }
  drafts: { key: string; value: Draft }
  meta: { key: string; value: unknown }
}

export type Database = IDBPDatabase<Schema>

type Synced = (typeof SYNCED)[number]
type RowIn<N extends Synced> = Schema[N]['value']['rows'][number]

export const SYNCED = ['records', 'outbox', 'masters'] as const
const NAME = 'heartwood'
const VERSION = 3

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
        if (before < 1) createSheets(db, store)
        else void layOnSheets(db, tx, store)
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

function createSheets(db: Database, store: Synced): void {
  db.createObjectStore(store, { autoIncrement: true }).createIndex('names', 'names', { multiEntry: true })
}

/** From versions 1 and 2, in which each row lay by itself. */
async function layOnSheets(db: Database, tx: Upgrade, store: Synced): Promise<void> {
  const rows = (await tx.objectStore(store).getAll()) as unknown as Row[]
  db.deleteObjectStore(store)
  createSheets(db, store)
  await keepRows(tx.objectStore(store) as unknown as Writable<Row>, rows)
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

/** How a record stands here. */
export interface Standing {
  row: RecordRow | undefined
  waiting: OutboxRow | undefined
  master: MasterDoc | undefined
}

/** Of each of these records, in one transaction. */
export async function standingsOf(collection: Collection, ids: string[]): Promise<Standing[]> {
  const tx = (await database()).transaction(SYNCED)
  const [rows, outbox, masters] = await Promise.all([
    rowsOf(tx.objectStore('records'), collection, ids),
    rowsOf(tx.objectStore('outbox'), collection, ids),
    rowsOf(tx.objectStore('masters'), collection, ids),
  ])
  return ids.map((id) => ({ row: rows.get(id), waiting: outbox.get(id), master: masters.get(id)?.doc }))
}

/** All rows of a store, of one collection where it is given. */
export async function allRows<N extends Synced>(store: N, collection?: Collection): Promise<RowIn<N>[]> {
  return rowsOn<RowIn<N>>(await (await database()).getAll(store), collection)
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
