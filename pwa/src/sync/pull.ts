// What the server has, taken in: plain where nothing waits here, merged where something does.
import { api, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import {
  atomically,
  database,
  getMeta,
  rangeOf,
  setMeta,
  type Key,
  type MasterRow,
  type OutboxRow,
  type Transaction,
} from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import { same, toClear, toWire } from '../records/sealing.ts'
import type { Clear, Collection } from '../records/types.ts'
import type { MasterDoc, PullAnswer, WireDoc } from '../records/wire.ts'
import { vaultKey } from '../vault/vault.ts'
import { merge } from './merge.ts'

const PAGE = 200
const STORES: ('records' | 'outbox' | 'masters')[] = ['records', 'outbox', 'masters']

const checkpointKey = (collection: Collection): string => `checkpoint/${collection}`

/** Takes in all that is new in a collection. Interrupted anywhere, it goes on from the last whole page. */
export async function pullCollection(collection: Collection): Promise<void> {
  const since = (await getMeta<number>(checkpointKey(collection))) ?? 0
  try {
    await pullPages(collection, since, (rev) => setMeta(checkpointKey(collection), rev))
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 410) throw error
    await resync(collection)
  }
}

async function pullPages(
  collection: Collection,
  since: number,
  onPage: (rev: number, documents: MasterDoc[]) => Promise<void>,
): Promise<void> {
  for (let from = since; ;) {
    const page = await api.get<PullAnswer>(`/sync/${collection}/pull?since=${from}&limit=${PAGE}`)
    await takeIn(collection, page.documents)
    if (page.checkpoint.rev !== from) await onPage(page.checkpoint.rev, page.documents)
    if (page.documents.length < PAGE) return
    from = page.checkpoint.rev
  }
}

/**
 * Away for longer than tombstones live: everything is read anew, and what the server no longer has was deleted
 * meanwhile. The checkpoint moves only at the end, so that an interruption starts this over.
 */
async function resync(collection: Collection): Promise<void> {
  const seen = new Set<string>()
  let newest = 0
  await pullPages(collection, 0, async (rev, documents) => {
    for (const document of documents) seen.add(document.id)
    newest = Math.max(newest, rev)
    return Promise.resolve()
  })
  await dropUnseen(collection, seen, newest)
  await setMeta(checkpointKey(collection), newest)
}

async function dropUnseen(collection: Collection, seen: Set<string>, newest: number): Promise<void> {
  const gone = await atomically(STORES, async (tx) => {
    const masters = await tx.objectStore('masters').getAll(rangeOf(collection))
    const unseen = masters.filter(({ id }) => !seen.has(id))
    const kept = await Promise.all(unseen.map((master) => dropOne(tx, master, newest)))
    return unseen.map(({ id }) => id).filter((_id, index) => !kept[index])
  })
  if (gone.length) announce({ type: 'changed', collection, ids: gone, by: 'server' })
}

/** Answers whether the record stays, because it goes out again as a new one. */
async function dropOne(
  tx: Transaction,
  { collection, id, doc }: MasterRow,
  newest: number,
): Promise<boolean> {
  const key: Key = [collection, id]
  const outbox = tx.objectStore('outbox')
  await tx.objectStore('masters').delete(key)
  const waiting = await outbox.get(key)
  if (waiting && !waiting.doc._deleted) return true
  // Newer than all that the server has: it lost this one (a backup was restored), it was not deleted.
  if (!waiting && doc.rev > newest) {
    await outbox.put({ collection, id, doc: withoutRev(doc), stamp: newStamp() })
    return true
  }
  await Promise.all([tx.objectStore('records').delete(key), outbox.delete(key)])
  return false
}

function withoutRev({ rev, ...rest }: MasterDoc): WireDoc {
  return rest
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
    const outcomes = await Promise.all(left.map((document) => decide(collection, document)))
    const late = await write(
      collection,
      outcomes.filter((outcome) => outcome !== null),
    )
    left = left.filter(({ id }) => late.has(id))
  }
}

async function decide(collection: Collection, server: MasterDoc): Promise<Outcome | null> {
  const key: Key = [collection, server.id]
  const tx = (await database()).transaction(['records', 'outbox', 'masters'])
  const [row, waiting, master] = await Promise.all([
    tx.objectStore('records').get(key),
    tx.objectStore('outbox').get(key),
    tx.objectStore('masters').get(key),
  ])
  if (master && master.doc.rev >= server.rev) return null
  const start = { id: server.id, stamp: waiting?.stamp, master: server._deleted ? null : server }
  if (!waiting) return { ...start, ...(await plainly(collection, server, row?.doc)) }
  if (waiting.doc._deleted) return { ...start, ...(await againstDelete(collection, server, master?.doc)) }
  // An edit outlives a delete: no words are lost, and deleting once more is one tap.
  if (server._deleted)
    return { ...start, master: server, record: row?.doc ?? null, outbox: undefined, changed: false }
  return {
    ...start,
    ...(await merged(collection, server, master?.doc, row?.doc as Clear[Collection], waiting)),
  }
}

type Decision = Pick<Outcome, 'record' | 'outbox' | 'changed'>

async function plainly(
  collection: Collection,
  server: MasterDoc,
  local?: Clear[Collection],
): Promise<Decision> {
  const record = server._deleted ? null : await toClear(await vaultKey(), collection, server)
  return { record, outbox: undefined, changed: !same(record, local ?? null) }
}

/** Deleted here: it stays deleted unless somebody wrote in it elsewhere since. */
async function againstDelete(
  collection: Collection,
  server: MasterDoc,
  master: MasterDoc | undefined,
): Promise<Decision> {
  if (server._deleted) return { record: null, outbox: null, changed: false }
  const untouched = master && same(withoutRev(master), withoutRev(server))
  if (untouched) return { record: null, outbox: undefined, changed: false }
  return { ...(await plainly(collection, server)), outbox: null }
}

async function merged(
  collection: Collection,
  server: MasterDoc,
  master: MasterDoc | undefined,
  local: Clear[Collection],
  waiting: OutboxRow,
): Promise<Decision> {
  const key = await vaultKey()
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
  const stands = await atomically(STORES, (tx) =>
    Promise.all(outcomes.map((outcome) => writeOne(tx, collection, outcome))),
  )
  const changed = outcomes.filter((outcome, index) => stands[index] && outcome.changed)
  if (changed.length) {
    announce({ type: 'changed', collection, ids: changed.map(({ id }) => id), by: 'server' })
  }
  return new Set(outcomes.filter((_outcome, index) => !stands[index]).map(({ id }) => id))
}

async function writeOne(tx: Transaction, collection: Collection, outcome: Outcome): Promise<boolean> {
  const key: Key = [collection, outcome.id]
  const [records, outbox, masters] = [
    tx.objectStore('records'),
    tx.objectStore('outbox'),
    tx.objectStore('masters'),
  ]
  if ((await outbox.get(key))?.stamp !== outcome.stamp) return false
  const row = { collection, id: outcome.id, stamp: newStamp() }
  await Promise.all([
    outcome.record ? records.put({ ...row, doc: outcome.record }) : records.delete(key),
    outcome.master ? masters.put({ collection, id: outcome.id, doc: outcome.master }) : masters.delete(key),
    outcome.outbox && outbox.put({ ...row, doc: outcome.outbox }),
    outcome.outbox === null && outbox.delete(key),
  ])
  return true
}
