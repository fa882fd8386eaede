// After the key was changed: every text that an older key sealed is sealed anew and goes out by the ordinary sync.
import { announce } from '../lib/channel.ts'
import { atomically, database, dropMeta, getMeta, putRow, type OutboxRow } from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import { isStale, toWire, type Known } from '../records/sealing.ts'
import type { Collection } from '../records/types.ts'
import { withoutRev, type MasterDoc, type WireDoc } from '../records/wire.ts'
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
  const tx = (await database()).transaction(['records', 'outbox', 'masters'])
  const [rows, outbox, masters] = await Promise.all([
    tx.objectStore('records').getAll(),
    tx.objectStore('outbox').getAll(),
    tx.objectStore('masters').getAll(),
  ])
  const wires = new Map<string, WireDoc>()
  for (const { collection, id, doc } of [...masters, ...outbox]) wires.set(`${collection}/${id}`, doc)
  return rows.flatMap(({ collection, id, stamp, doc }) => {
    const wire = wires.get(`${collection}/${id}`)
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
    for (const [index, row] of sealed.entries()) {
      const now = await tx.objectStore('records').get([row.collection, row.id])
      // Changed meanwhile: the next look seals it as it is then.
      if (!now || now.stamp !== stale[index]?.stamp) continue
      putRow(tx, 'records', { ...now, stamp: row.stamp })
      putRow(tx, 'outbox', row)
    }
  })
  announce({ type: 'changed', collection: 'letters', ids: [], by: 'person' })
}
