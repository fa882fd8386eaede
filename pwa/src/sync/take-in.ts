// Documents of the server taken in: plain where nothing waits here, merged where something does.
import { announce } from '../lib/channel.ts'
import {
  atomically,
  database,
  rowsOf,
  type Key,
  type OutboxRow,
  type RecordRow,
  type Transaction,
} from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import { same, toClear, toWire } from '../records/sealing.ts'
import type { Clear, Collection } from '../records/types.ts'
import { withoutRev, type MasterDoc, type WireDoc } from '../records/wire.ts'
import { vaultKey } from '../vault/vault.ts'
import { merge } from './merge.ts'

const STORES: ('records' | 'outbox' | 'masters')[] = ['records', 'outbox', 'masters']

/** How a record stands here when a document of it comes in. */
interface Ground {
  row: RecordRow | undefined
  waiting: OutboxRow | undefined
  master: MasterDoc | undefined
}

interface Outcome {
  id: string
  /** The outbox stamp on which this outcome rests. */
  stamp: string | undefined
  master: MasterDoc | null
  record: Clear[Collection] | null
  /** null: nothing waits any more. undefined: what waits stays as it is. */
  outbox: WireDoc | null | undefined
  changed: boolean
}

/** Takes in documents of the server. Changes made here meanwhile are seen and merged, never overwritten. */
export async function takeIn(collection: Collection, documents: MasterDoc[]): Promise<void> {
  let left = documents
  while (left.length) {
    const grounds = await readGrounds(collection, left)
    const key = await vaultKey()
    const outcomes = await Promise.all(
      left.map((document, index) => decide(key, collection, document, grounds[index])),
    )
    const late = await write(
      collection,
      outcomes.filter((outcome) => outcome !== null),
    )
    left = left.filter(({ id }) => late.has(id))
  }
}

async function readGrounds(collection: Collection, documents: MasterDoc[]): Promise<Ground[]> {
  const ids = documents.map(({ id }) => id)
  const tx = (await database()).transaction(STORES)
  const [rows, outbox, masters] = await Promise.all([
    rowsOf(tx.objectStore('records'), collection, ids),
    rowsOf(tx.objectStore('outbox'), collection, ids),
    rowsOf(tx.objectStore('masters'), collection, ids),
  ])
  return ids.map((id) => ({ row: rows.get(id), waiting: outbox.get(id), master: masters.get(id)?.doc }))
}

async function decide(
  key: CryptoKey,
  collection: Collection,
  server: MasterDoc,
  { row, waiting, master }: Ground = { row: undefined, waiting: undefined, master: undefined },
): Promise<Outcome | null> {
  if (master && master.rev >= server.rev) return null
  const start = { id: server.id, stamp: waiting?.stamp, master: server._deleted ? null : server }
  if (!waiting) return { ...start, ...(await plainly(key, collection, server, row?.doc)) }
  if (waiting.doc._deleted) return { ...start, ...(await againstDelete(key, collection, server, master)) }
  // An edit outlives a delete: no words are lost, and deleting once more is one tap.
  if (server._deleted || !row) {
    return { ...start, master: server, record: row?.doc ?? null, outbox: undefined, changed: false }
  }
  return { ...start, ...(await merged(key, collection, server, master, row.doc, waiting)) }
}

type Decision = Pick<Outcome, 'record' | 'outbox' | 'changed'>

async function plainly(
  key: CryptoKey,
  collection: Collection,
  server: MasterDoc,
  local?: Clear[Collection],
): Promise<Decision> {
  const record = server._deleted ? null : await toClear(key, collection, server)
  return { record, outbox: undefined, changed: !same(record, local ?? null) }
}

/** Deleted here: it stays deleted unless somebody wrote in it elsewhere since. */
async function againstDelete(
  key: CryptoKey,
  collection: Collection,
  server: MasterDoc,
  master: MasterDoc | undefined,
): Promise<Decision> {
  if (server._deleted) return { record: null, outbox: null, changed: false }
  const untouched = master && same(withoutRev(master), withoutRev(server))
  if (untouched) return { record: null, outbox: undefined, changed: false }
  return { ...(await plainly(key, collection, server)), outbox: null }
}

async function merged(
  key: CryptoKey,
  collection: Collection,
  server: MasterDoc,
  master: MasterDoc | undefined,
  local: Clear[Collection],
  waiting: OutboxRow,
): Promise<Decision> {
  const there = await toClear(key, collection, server)
  const base = master && !master._deleted ? await toClear(key, collection, master) : null
  const record = merge(collection, base, local, there)
  const changed = !same(record, local)
  if (same(record, there)) return { record, outbox: null, changed }
  const known = [
    { clear: there, wire: server },
    { clear: local, wire: waiting.doc },
  ]
  return { record, outbox: await toWire(key, collection, record, known), changed }
}

/** Writes the outcomes whose ground still stands, in one transaction; answers the ids of the others. */
async function write(collection: Collection, outcomes: Outcome[]): Promise<Set<string>> {
  const late = await atomically(STORES, async (tx) => {
    const ids = outcomes.map(({ id }) => id)
    const waiting = await rowsOf(tx.objectStore('outbox'), collection, ids)
    const standing = outcomes.filter(({ id, stamp }) => waiting.get(id)?.stamp === stamp)
    await Promise.all(standing.map((outcome) => writeOne(tx, collection, outcome)))
    return new Set(outcomes.filter((outcome) => !standing.includes(outcome)).map(({ id }) => id))
  })
  const changed = outcomes.filter(({ id, changed }) => changed && !late.has(id)).map(({ id }) => id)
  if (changed.length) announce({ type: 'changed', collection, ids: changed, by: 'server' })
  return late
}

function writeOne(tx: Transaction, collection: Collection, outcome: Outcome): Promise<unknown> {
  const key: Key = [collection, outcome.id]
  const [records, outbox, masters] = [
    tx.objectStore('records'),
    tx.objectStore('outbox'),
    tx.objectStore('masters'),
  ]
  const row = { collection, id: outcome.id, stamp: newStamp() }
  return Promise.all([
    outcome.record ? records.put({ ...row, doc: outcome.record }) : records.delete(key),
    outcome.master ? masters.put({ collection, id: outcome.id, doc: outcome.master }) : masters.delete(key),
    outcome.outbox && outbox.put({ ...row, doc: outcome.outbox }),
    outcome.outbox === null && outbox.delete(key),
  ])
}
