// What waits here, sent. Each change leaves the outbox only when the server's answer settles it.
import { api, Problem } from '../lib/api.ts'
import { atomically, database, type OutboxRow } from '../records/database.ts'
import type { Collection } from '../records/types.ts'
import { dropRows, keepRows, rowsOf, rowsOn } from '../records/sheets.ts'
import type { MasterDoc, PushRow } from '../records/wire.ts'
import { vaultRing } from '../vault/ring.ts'
import { takeIn } from './take-in.ts'

const MOST_ROWS = 200
/** The server refuses bodies over 1 MiB; base64url and JSON keys are ASCII, so characters are bytes here. */
const MOST_BYTES = 900_000
/** A conflict is merged and sent again. More rounds than this mean that another device writes all the time. */
const ROUNDS = 6

interface Sending {
  row: OutboxRow
  push: PushRow
}

/** Sends all that waits in a collection. Answers whether the server took anything. */
export async function pushCollection(collection: Collection): Promise<boolean> {
  let sent = false
  for (let round = 0; round < ROUNDS; round += 1) {
    const waiting = await readWaiting(collection)
    if (!waiting.length) break
    for (const batch of batches(waiting)) await pushBatch(collection, batch)
    sent = true
  }
  return sent
}

async function readWaiting(collection: Collection): Promise<Sending[]> {
  const tx = (await database()).transaction(['outbox', 'masters'])
  const rows = rowsOn(await tx.objectStore('outbox').getAll(), collection)
  const sendable = rows.filter((row) => row.refused === undefined)
  const ids = sendable.map(({ id }) => id)
  const masters = await rowsOf(tx.objectStore('masters'), collection, ids)
  return sendable.map((row) => {
    const master = masters.get(row.id)
    const push: PushRow = { newDocumentState: row.doc }
    if (master) push.assumedMasterState = master.doc
    return { row, push }
  })
}

function* batches(waiting: Sending[]): Generator<Sending[]> {
  let batch: Sending[] = []
  let bytes = 0
  for (const sending of waiting) {
    const size = JSON.stringify(sending.push).length
    if (batch.length && (batch.length === MOST_ROWS || bytes + size > MOST_BYTES)) {
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push(sending)
    bytes += size
  }
  if (batch.length) yield batch
}

async function pushBatch(collection: Collection, batch: Sending[]): Promise<void> {
  try {
    const conflicts = await api.post<MasterDoc[]>(
      `/sync/${collection}/push`,
      batch.map(({ push }) => push),
    )
    const contested = new Set(conflicts.map(({ id }) => id))
    await settle(
      collection,
      batch.filter(({ row }) => !contested.has(row.id)),
    )
    await takeIn({ collection, ring: await vaultRing() }, conflicts)
  } catch (error) {
    if (!isRefusal(error)) throw error
    await refusedBatch(collection, batch, error)
  }
}

const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && [400, 409, 413, 422].includes(error.status)

/** One bad record must not hold up the others: the batch is halved until the bad one stands alone. */
async function refusedBatch(collection: Collection, batch: Sending[], problem: Problem): Promise<void> {
  const [first] = batch
  if (batch.length > 1) {
    const half = Math.ceil(batch.length / 2)
    await pushBatch(collection, batch.slice(0, half))
    await pushBatch(collection, batch.slice(half))
  } else if (first) await setAside(first.row, problem)
}

async function setAside(row: OutboxRow, problem: Problem): Promise<void> {
  await atomically(['outbox'], async (tx) => {
    const outbox = tx.objectStore('outbox')
    const now = (await rowsOf(outbox, row.collection, [row.id])).get(row.id)
    if (now?.stamp === row.stamp) await keepRows(outbox, [{ ...row, refused: problem.code }])
  })
  console.warn(`the server refused ${row.collection}/${row.id}: ${problem.code}`, problem.errors)
}

async function settle(collection: Collection, taken: Sending[]): Promise<void> {
  const ids = taken.map(({ row }) => row.id)
  await atomically(['outbox', 'masters'], async (tx) => {
    const waiting = await rowsOf(tx.objectStore('outbox'), collection, ids)
    const settled = taken.filter(({ row }) => waiting.get(row.id)?.stamp === row.stamp)
    await dropRows(
      tx.objectStore('outbox'),
      settled.map(({ row }) => row),
    )
    await keepRows(tx.objectStore('masters'), taken.map(masterOf))
  })
}

/** The new revision is learnt by the pull that follows; until then the former one stands. */
function masterOf({ row: { collection, id, doc }, push }: Sending) {
  const rev = push.assumedMasterState?.rev ?? 0
  return { collection, id, doc: doc._deleted ? null : { ...doc, rev } }
}
