// Documents of the server taken in: plain where nothing waits here, merged where something does.
import { announce } from '../lib/channel.ts'
import {
  atomically,
  standingsOf,
  SYNCED,
  type OutboxRow,
  type Standing,
  type Transaction,
} from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import { same, toClear, toWire, wireName } from '../records/sealing.ts'
import { keepRows, rowsOf } from '../records/sheets.ts'
import type { Clear, Collection, Readable } from '../records/types.ts'
import { withoutRev, type MasterDoc, type WireDoc } from '../records/wire.ts'
import type { Ring } from '../vault/ring.ts'
import { merge } from './merge.ts'

/** How documents come in. */
export interface Intake {
  collection: Collection
  ring: Ring
  /** What has to be kept before these. */
  before?: Promise<void>
  /** Kept with the last of them: how far this device is. */
  mark?: [name: string, value: number]
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
export async function takeIn(intake: Intake, documents: MasterDoc[]): Promise<void> {
  const { collection, ring, before } = intake
  let left = documents
  do {
    const standings = await standingsOf(
      collection,
      left.map(({ id }) => id),
    )
    const outcomes = await Promise.all(
      left.map((server, index) => decide(ring, collection, server, standings[index])),
    )
    await before
    const late = await write(
      intake,
      outcomes.filter((outcome) => outcome !== null),
    )
    left = left.filter(({ id }) => late.has(id))
  } while (left.length)
}

async function decide(
  ring: Ring,
  collection: Collection,
  server: MasterDoc,
  { row, waiting, master }: Partial<Standing> = {},
): Promise<Outcome | null> {
  if (master && master.rev >= server.rev) return null
  const start = { id: server.id, stamp: waiting?.stamp, master: server._deleted ? null : server }
  if (!waiting) return { ...start, ...(await plainly(ring, collection, server, row?.doc)) }
  if (waiting.doc._deleted) return { ...start, ...(await againstDelete(ring, collection, server, master)) }
  // An edit outlives a delete: no words are lost, and deleting once more is one tap.
  if (server._deleted || !row) {
    return { ...start, master: server, record: row?.doc ?? null, outbox: undefined, changed: false }
  }
  return { ...start, ...(await merged(ring, collection, server, master, row.doc, waiting)) }
}

type Decision = Pick<Outcome, 'record' | 'outbox' | 'changed'>

async function plainly(
  ring: Ring,
  collection: Collection,
  server: MasterDoc,
  local?: Clear[Collection],
): Promise<Decision> {
  const record = server._deleted ? null : withTextsOf(local, await toClear(ring, collection, server))
  return { record, outbox: undefined, changed: !same(record, local ?? null) }
}

type Fields = Record<string, unknown>

/**
 * Where the text that came cannot be opened, what this device has of it stays to be read, and of `rewritten` fields it
 * goes out again.
 */
function withTextsOf<C extends Collection>(
  local: Clear[Collection] | undefined,
  server: Clear[C],
  rewritten: string[] = [],
): Clear[C] {
  const { unreadable, ...rest } = server as Readable
  if (!unreadable || !local) return server
  const kept = unreadable.map((field) => [field, (local as unknown as Fields)[field]])
  const still = unreadable.filter((field) => !rewritten.includes(field))
  const mark = still.length ? { unreadable: still } : {}
  return { ...rest, ...Object.fromEntries(kept), ...mark } as Clear[C]
}

/** Merging is about what the fields say; what cannot be read is as it came. */
function markedAs<C extends Collection>(there: Clear[C], merged: Clear[C]): Clear[C] {
  const { unreadable: _before, ...rest } = merged as Readable
  const { unreadable } = there as Readable
  return { ...rest, ...(unreadable && { unreadable }) } as Clear[C]
}

const without = <T extends object>(doc: T, fields: string[]): T => ({
  ...doc,
  ...Object.fromEntries(fields.map((field) => [field, undefined])),
})

/** The unreadable fields that the person wrote anew on this device: their words come before what nobody can read. */
function rewrittenHere(
  collection: Collection,
  { unreadable = [] }: Readable,
  [waiting, master, server]: [WireDoc, WireDoc | undefined, WireDoc],
): string[] {
  return unreadable.filter((field) => {
    const outer = wireName(collection, field)
    return !same(waiting[outer], master?.[outer]) && !same(waiting[outer], server[outer])
  })
}

/** Deleted here: it stays deleted unless somebody wrote in it elsewhere since. */
async function againstDelete(
  ring: Ring,
  collection: Collection,
  server: MasterDoc,
  master: MasterDoc | undefined,
): Promise<Decision> {
  if (server._deleted) return { record: null, outbox: null, changed: false }
  const untouched = master && same(withoutRev(master), withoutRev(server))
  if (untouched) return { record: null, outbox: undefined, changed: false }
  return { ...(await plainly(ring, collection, server)), outbox: null }
}

async function merged(
  ring: Ring,
  collection: Collection,
  server: MasterDoc,
  master: MasterDoc | undefined,
  local: Clear[Collection],
  waiting: OutboxRow,
): Promise<Decision> {
  const opened = await toClear(ring, collection, server)
  const rewritten = rewrittenHere(collection, opened, [waiting.doc, master, server])
  const there = withTextsOf(local, opened, rewritten)
  const base = master && !master._deleted ? await toClear(ring, collection, master) : null
  const record = markedAs(there, merge(collection, base, local, there))
  const changed = !same(record, local)
  if (same(record, there) && !rewritten.length) return { record, outbox: null, changed }
  const known = [
    { clear: without(there, rewritten), wire: server },
    { clear: local, wire: waiting.doc },
  ]
  return { record, outbox: await toWire(ring, collection, record, known), changed }
}

/** Writes the outcomes whose ground still stands, in one transaction; answers the ids of the others. */
async function write({ collection, mark }: Intake, outcomes: Outcome[]): Promise<Set<string>> {
  const late = await atomically([...SYNCED, 'meta'], async (tx) => {
    const ids = outcomes.map(({ id }) => id)
    const waiting = await rowsOf(tx.objectStore('outbox'), collection, ids)
    const moved = new Set(ids.filter((id, index) => waiting.get(id)?.stamp !== outcomes[index]?.stamp))
    await writeRows(
      tx,
      collection,
      outcomes.filter(({ id }) => !moved.has(id)),
    )
    if (mark && !moved.size) await tx.objectStore('meta').put(mark[1], mark[0])
    return moved
  })
  const changed = outcomes.filter(({ id, changed }) => changed && !late.has(id)).map(({ id }) => id)
  if (changed.length) announce({ type: 'changed', collection, ids: changed, by: 'server' })
  return late
}

async function writeRows(tx: Transaction, collection: Collection, outcomes: Outcome[]): Promise<void> {
  const stamp = newStamp()
  const rows = <D>(docOf: (outcome: Outcome) => D) =>
    outcomes.map((outcome) => ({ collection, id: outcome.id, doc: docOf(outcome), stamp }))
  await Promise.all([
    keepRows(
      tx.objectStore('records'),
      rows(({ record }) => record),
    ),
    keepRows(
      tx.objectStore('masters'),
      rows(({ master }) => master),
    ),
    keepRows(
      tx.objectStore('outbox'),
      rows(({ outbox }) => outbox),
    ),
  ])
}
