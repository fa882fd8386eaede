// After the key was changed: every text that an older key sealed is sealed anew and goes out by the ordinary sync.
import { announce } from '../lib/channel.ts'
import { atomically, dropMeta, getMeta, type OutboxRow } from '../records/database.ts'
import { newStamp, recordsWithWire } from '../records/repository.ts'
import { isStale, toWire, type Known } from '../records/sealing.ts'
import { keepRows, nameOf, rowsOn } from '../records/sheets.ts'
import type { Collection } from '../records/types.ts'
import { withoutRev, type MasterDoc } from '../records/wire.ts'
import { RESEALING, vaultRing, type Ring } from '../vault/ring.ts'

const BATCH = 50

interface Stale {
  collection: Collection
  id: string
  stamp: string
  known: Known<Collection>
}

/** Goes on with what was left when the app closed. `progress` hears how many texts are still to do. */
export async function reseal(progress: (left: number) => void = () => undefined): Promise<void> {
  if (!(await getMeta<boolean>(RESEALING))) return
  const ring = await vaultRing()
  for (let left = await staleRecords(ring); left.length; left = await staleRecords(ring)) {
    progress(left.length)
    await sealAnew(ring, left.slice(0, BATCH))
  }
  progress(0)
  await dropMeta(RESEALING)
}

/** The records whose newest form is sealed with an older key. */
async function staleRecords(ring: Ring): Promise<Stale[]> {
  return (await recordsWithWire()).flatMap(({ row: { collection, id, stamp, doc }, wire }) => {
    if (!wire || wire._deleted || !isStale(ring, collection, doc, wire)) return []
    return [{ collection, id, stamp, known: { clear: doc, wire: withoutRev(wire as MasterDoc) } }]
  })
}

async function sealAnew(ring: Ring, stale: Stale[]): Promise<void> {
  const sealed = await Promise.all(
    stale.map(async ({ collection, id, known }): Promise<OutboxRow> => {
      return { collection, id, doc: await toWire(ring, collection, known.clear, [known]), stamp: newStamp() }
    }),
  )
  await atomically(['records', 'outbox'], async (tx) => {
    const [records, outbox] = [tx.objectStore('records'), tx.objectStore('outbox')]
    const before = new Map(stale.map((each) => [nameOf(each), each.stamp]))
    const anew = new Map(sealed.map((row) => [nameOf(row), row]))
    // What was changed meanwhile is sealed by the next look, as it is then.
    const still = rowsOn(await records.getAll()).filter((row) => before.get(nameOf(row)) === row.stamp)
    const rows = still.flatMap((row) => anew.get(nameOf(row)) ?? [])
    await keepRows(
      records,
      still.map((row, index) => ({ ...row, stamp: rows[index]?.stamp ?? row.stamp })),
    )
    await keepRows(outbox, rows)
  })
  announce({ type: 'changed', collection: 'letters', ids: [], by: 'person' })
}
