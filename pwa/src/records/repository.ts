// Durable changes: the record and its outbox row are written in ONE transaction, after all sealing is done.
import { announce } from '../lib/channel.ts'
import { vaultRing } from '../vault/ring.ts'
import { TooLong } from '../vault/vault.ts'
import {
  allRows,
  atomically,
  database,
  standingsOf,
  SYNCED,
  type OutboxRow,
  type RecordRow,
  type Transaction,
} from './database.ts'
import { same, toWire, type Known } from './sealing.ts'
import { dropRows, keepRows, nameOf, rowsOf, rowsOn } from './sheets.ts'
import type { Clear, Collection, Readable } from './types.ts'
import type { WireDoc } from './wire.ts'

export type Trouble = 'full' | 'too_long' | 'unavailable'

/** A change could not be kept. Nothing was written; what the person typed is theirs to try again. */
export class NotSaved extends Error {
  override name = 'NotSaved'
  constructor(
    readonly trouble: Trouble,
    cause: unknown,
  ) {
    super(`not saved: ${trouble}`, { cause })
  }
}

interface Before<C extends Collection> {
  clear: Clear[C] | undefined
  stamp: string | undefined
  known: Known<C>[]
}

interface Prepared {
  row: RecordRow
  outbox: OutboxRow
  /** The stamp that the outbox row must still have, when it matters. */
  before?: string | undefined
}

const TRIES = 8

/** A copy without proxies: what the screens hand over may be reactive state, which cannot be cloned. */
export const plainCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export const newStamp = (): string => crypto.randomUUID()

/** All records of one collection, in the order in which they were made. */
export async function allOf<C extends Collection>(collection: C): Promise<Clear[C][]> {
  const rows = await allRows('records', collection)
  rows.sort((one, other) => (one.id < other.id ? -1 : 1))
  return rows.map((row) => row.doc as Clear[C])
}

/** Every record of this phone, in one reading. */
export async function everything(): Promise<{ [C in Collection]: Clear[C][] }> {
  const all: { [C in Collection]: Clear[C][] } = {
    checkins: [],
    urges: [],
    letters: [],
    marks: [],
    journey: [],
  }
  for (const { collection, doc } of await allRows('records'))
    (all[collection] as Clear[Collection][]).push(doc)
  return all
}

export async function getRecords<C extends Collection>(
  collection: C,
  ids: string[],
): Promise<(Clear[C] | undefined)[]> {
  const rows = await rowsOf((await database()).transaction('records').store, collection, ids)
  return ids.map((id) => rows.get(id)?.doc as Clear[C] | undefined)
}

/** Keeps whole records; resolves when they are durable. Raises NotSaved, and then nothing changed. */
export async function putRecords<C extends Collection>(collection: C, docs: Clear[C][]): Promise<void> {
  await kindly(async () => {
    const befores = await readBefore(
      collection,
      docs.map(({ id }) => id),
    )
    const prepared = await Promise.all(
      docs.map((doc, index) => prepare(collection, doc, befores[index]?.known ?? [])),
    )
    await write(collection, prepared)
  })
}

/** Changes one record from its present state. Two tabs that do so at once both take effect. */
export async function editRecord<C extends Collection>(
  collection: C,
  id: string,
  change: (current: Clear[C] | undefined) => Clear[C],
): Promise<Clear[C]> {
  return kindly(async () => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const [before] = await readBefore(collection, [id])
      const doc = change(before?.clear)
      if (before?.clear && same(before.clear, doc)) return doc
      const prepared = await prepare(collection, doc, before?.known ?? [])
      if (await write(collection, [{ ...prepared, before: before?.stamp ?? '' }])) return doc
    }
    throw new Error('the record changed all the time')
  })
}

/** Removes records; their tombstones wait in the outbox. */
export async function removeRecords(collection: Collection, ids: string[]): Promise<void> {
  await kindly(() => atomically(['records', 'outbox'], (tx) => removeIn(tx, collection, ids), 'strict'))
  announce({ type: 'changed', collection, ids, by: 'person' })
}

async function removeIn(tx: Transaction, collection: Collection, ids: string[]): Promise<void> {
  const gone = ids.map((id) => tombstone(collection, id))
  await Promise.all([dropRows(tx.objectStore('records'), gone), keepRows(tx.objectStore('outbox'), gone)])
}

/** How many changes the server has yet to be told. */
export const countWaiting = async (): Promise<number> => (await database()).countFromIndex('outbox', 'names')

/** The same by kind of record. */
export async function waitingByKind(): Promise<Partial<Record<Collection, number>>> {
  const counts: Partial<Record<Collection, number>> = {}
  for (const { collection } of await allRows('outbox')) {
    counts[collection] = (counts[collection] ?? 0) + 1
  }
  return counts
}

const tombstone = (collection: Collection, id: string): OutboxRow => ({
  collection,
  id,
  doc: { id, _deleted: true },
  stamp: newStamp(),
})

/** Every record, with the form in which it last went out or came in. */
export async function recordsWithWire(): Promise<{ row: RecordRow; wire: WireDoc | undefined }[]> {
  const tx = (await database()).transaction(SYNCED)
  const [rows, outbox, masters] = await Promise.all([
    tx.objectStore('records').getAll(),
    tx.objectStore('outbox').getAll(),
    tx.objectStore('masters').getAll(),
  ])
  const wires = new Map<string, WireDoc>()
  for (const row of [...rowsOn(masters), ...rowsOn(outbox)]) wires.set(nameOf(row), row.doc)
  return rowsOn(rows).map((row) => ({ row, wire: wires.get(nameOf(row)) }))
}

async function readBefore<C extends Collection>(collection: C, ids: string[]): Promise<Before<C>[]> {
  return (await standingsOf(collection, ids)).map(({ row, waiting, master }) => {
    const clear = row?.doc as Clear[C] | undefined
    const wire: WireDoc | undefined = waiting?.doc ?? master
    const known = clear && wire && !wire._deleted ? [{ clear, wire }] : []
    return { clear, stamp: stampOf(waiting, row), known }
  })
}

async function prepare<C extends Collection>(
  collection: C,
  doc: Clear[C],
  known: Known<C>[],
): Promise<Prepared> {
  const wire = await toWire(await vaultRing(), collection, doc, known)
  const stamp = newStamp()
  return {
    row: { collection, id: doc.id, doc: plainCopy(markedAs(known[0]?.clear, doc)), stamp },
    outbox: { collection, id: doc.id, doc: plainCopy(wire), stamp },
  }
}

/** What could not be read is still marked, unless it was written anew. */
function markedAs<C extends Collection>(before: Clear[C] | undefined, doc: Clear[C]): Clear[C] {
  const { unreadable: _given, ...rest } = doc as Clear[C] & Readable
  const { unreadable } = (before ?? {}) as Readable
  const still = unreadable?.filter((field) => same(fieldOf(doc, field), before && fieldOf(before, field)))
  return { ...rest, ...(still?.length ? { unreadable: still } : {}) } as Clear[C]
}

const fieldOf = (doc: object, field: string): unknown => (doc as Record<string, unknown>)[field]

/** Answers false, with nothing written, when a record changed since it was read. */
async function write(collection: Collection, prepared: Prepared[]): Promise<boolean> {
  const written = await atomically(['records', 'outbox'], (tx) => writeIn(tx, collection, prepared), 'strict')
  const ids = prepared.map(({ row }) => row.id)
  if (written) announce({ type: 'changed', collection, ids, by: 'person' })
  return written
}

async function writeIn(tx: Transaction, collection: Collection, prepared: Prepared[]): Promise<boolean> {
  const [records, outbox] = [tx.objectStore('records'), tx.objectStore('outbox')]
  const strict = prepared.filter(({ before }) => before !== undefined)
  const ids = strict.map(({ row }) => row.id)
  const [rows, waiting] = await Promise.all([
    rowsOf(records, collection, ids),
    rowsOf(outbox, collection, ids),
  ])
  const moved = strict.some(
    ({ row, before }) => (stampOf(waiting.get(row.id), rows.get(row.id)) ?? '') !== before,
  )
  if (moved) return false
  await Promise.all([
    keepRows(
      records,
      prepared.map(({ row }) => row),
    ),
    keepRows(
      outbox,
      prepared.map((each) => each.outbox),
    ),
  ])
  return true
}

/** Names what changed last: a change made here, or the state that came from the server. */
function stampOf(waiting: OutboxRow | undefined, row: RecordRow | undefined): string | undefined {
  return waiting?.stamp ?? row?.stamp
}

async function kindly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new NotSaved(troubleOf(error), error)
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof TooLong) return 'too_long'
  return (error as { name?: string } | null)?.name === 'QuotaExceededError' ? 'full' : 'unavailable'
}
