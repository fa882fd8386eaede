// What the server has, fetched page by page.
import { api, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import {
  atomically,
  getMeta,
  rangeOf,
  setMeta,
  type Key,
  type MasterRow,
  type Transaction,
} from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import type { Collection } from '../records/types.ts'
import { withoutRev, type MasterDoc, type PullAnswer } from '../records/wire.ts'
import { takeIn } from './take-in.ts'

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
