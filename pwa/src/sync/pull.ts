// What the server has, fetched page by page.
import { api, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import {
  atomically,
  getMeta,
  setMeta,
  SYNCED,
  type MasterRow,
  type Transaction,
} from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import { dropRows, keepRows, rowsOf, rowsOn } from '../records/sheets.ts'
import { COLLECTIONS, type Collection } from '../records/types.ts'
import { withoutRev, type MasterDoc, type PullAnswer } from '../records/wire.ts'
import { vaultRing } from '../vault/ring.ts'
import { takeIn, type Intake } from './take-in.ts'

const PAGE = 200

/** What a pull brought. */
export interface Pulled {
  /** The revision up to which this collection is here now. */
  rev: number
  /** How many documents came. */
  count: number
}

const checkpointKey = (collection: Collection): string => `checkpoint/${collection}`

/** The revision up to which all collections are here; null when they differ, or a first copy is under way. */
export async function commonCheckpoint(): Promise<number | null> {
  const known = new Set(await Promise.all(COLLECTIONS.map((name) => getMeta<number>(checkpointKey(name)))))
  const [rev = 0] = known
  return known.size === 1 && rev > 0 ? rev : null
}

/** Writes down that every collection is here up to `rev`. */
export async function keepCheckpoints(rev: number): Promise<void> {
  await atomically(['meta'], (tx) =>
    Promise.all(COLLECTIONS.map((name) => tx.objectStore('meta').put(rev, checkpointKey(name)))),
  )
}

/** Takes in all that is new in a collection. Interrupted anywhere, it goes on from the last whole page. */
export async function pullCollection(collection: Collection): Promise<Pulled> {
  const since = (await getMeta<number>(checkpointKey(collection))) ?? 0
  try {
    return await pullPages(collection, since, (rev) => ({ mark: [checkpointKey(collection), rev] }))
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 410) throw error
    return resync(collection)
  }
}

async function pullPages(
  collection: Collection,
  since: number,
  onPage: (rev: number, documents: MasterDoc[]) => Partial<Intake>,
): Promise<Pulled> {
  const intake = { collection, ring: await vaultRing() }
  let coming: Promise<PullAnswer> | null = fetchPage(collection, since)
  let before = Promise.resolve()
  const pulled = { rev: since, count: 0 }
  while (coming) {
    const page: PullAnswer = await coming
    const { documents, checkpoint } = page
    pulled.rev = checkpoint.rev
    pulled.count += documents.length
    // The next page travels, and is opened, while this one is kept.
    coming = documents.length < PAGE ? null : handled(fetchPage(collection, checkpoint.rev))
    const kept = handled(takeIn({ ...intake, ...onPage(checkpoint.rev, documents), before }, documents))
    await before
    before = kept
  }
  await before
  return pulled
}

/** Its failure is met where it is waited for, which may be a little later. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

const fetchPage = (collection: Collection, since: number): Promise<PullAnswer> =>
  api.get<PullAnswer>(`/sync/${collection}/pull?since=${since}&limit=${PAGE}`)

/**
 * Away for longer than tombstones live: everything is read anew, and what the server no longer has was deleted
 * meanwhile. The checkpoint moves only at the end, so that an interruption starts this over.
 */
async function resync(collection: Collection): Promise<Pulled> {
  const seen = new Set<string>()
  let newest = 0
  const pulled = await pullPages(collection, 0, (rev, documents) => {
    for (const document of documents) seen.add(document.id)
    newest = Math.max(newest, rev)
    return {}
  })
  await dropUnseen(collection, seen, newest)
  await setMeta(checkpointKey(collection), newest)
  return pulled
}

async function dropUnseen(collection: Collection, seen: Set<string>, newest: number): Promise<void> {
  const gone = await atomically([...SYNCED], async (tx) => {
    const masters = rowsOn(await tx.objectStore('masters').getAll(), collection)
    const unseen = masters.filter(({ id }) => !seen.has(id))
    await dropRows(tx.objectStore('masters'), unseen)
    return dropAll(tx, collection, unseen, newest)
  })
  if (gone.length) announce({ type: 'changed', collection, ids: gone, by: 'server' })
}

/** Answers the ids of the records that are gone; the others go out again as new ones. */
async function dropAll(
  tx: Transaction,
  collection: Collection,
  unseen: MasterRow[],
  newest: number,
): Promise<string[]> {
  const outbox = tx.objectStore('outbox')
  const waiting = await rowsOf(
    outbox,
    collection,
    unseen.map(({ id }) => id),
  )
  // Newer than all that the server has: it lost this one (a backup was restored), it was not deleted.
  const lost = unseen.filter(({ id, doc }) => !waiting.has(id) && doc.rev > newest)
  const gone = unseen.filter((row) => waiting.get(row.id)?.doc._deleted ?? !lost.includes(row))
  await dropRows(tx.objectStore('records'), gone)
  await dropRows(outbox, gone)
  await keepRows(
    outbox,
    lost.map((row) => ({ ...row, doc: withoutRev(row.doc), stamp: newStamp() })),
  )
  return gone.map(({ id }) => id)
}
