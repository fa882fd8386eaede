// What waits here, sent. Each change leaves the outbox only when the server's answer settles it.
import { api, Problem } from '../lib/api.ts'
import {
  atomically,
  database,
  dropRow,
  putRow,
  rangeOf,
  type Key,
  type OutboxRow,
  type Transaction,
} from '../records/database.ts'
import type { Collection } from '../records/types.ts'
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
  const rows = await tx.objectStore('outbox').getAll(rangeOf(collection))
  const sendable = rows.filter((row) => row.refused === undefined)
  return Promise.all(
    sendable.map(async (row) => {
      const master = await tx.objectStore('masters').get([collection, row.id])
      const push: PushRow = { newDocumentState: row.doc }
      if (master) push.assumedMasterState = master.doc
      return { row, push }
    }),
  )
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
    await settle(batch.filter(({ row }) => !contested.has(row.id)))
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
    const now = await outbox.get([row.collection, row.id])
    if (now?.stamp === row.stamp) putRow(tx, 'outbox', { ...row, refused: problem.code })
  })
  console.warn(`the server refused ${row.collection}/${row.id}: ${problem.code}`, problem.errors)
}

async function settle(taken: Sending[]): Promise<void> {
  await atomically(['outbox', 'masters'], (tx) => Promise.all(taken.map((sending) => settleOne(tx, sending))))
}

async function settleOne(tx: Transaction, { row, push }: Sending): Promise<void> {
  const key: Key = [row.collection, row.id]
  const waiting = await tx.objectStore('outbox').get(key)
  if (waiting?.stamp === row.stamp) dropRow(tx, 'outbox', key)
  // The new revision is learnt by the pull that follows; until then the former one stands.
  const doc = { ...row.doc, rev: push.assumedMasterState?.rev ?? 0 }
  if (row.doc._deleted) dropRow(tx, 'masters', key)
  else putRow(tx, 'masters', { collection: row.collection, id: row.id, doc })
}
