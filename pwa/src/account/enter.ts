// A device enters an account: it takes over the account's vault keys, and what is here goes out again, sealed with them.
import { announce } from '../lib/channel.ts'
import { allRows, atomically, type OutboxRow, type RecordRow, type Transaction } from '../records/database.ts'
import { newStamp, recordsWithWire } from '../records/repository.ts'
import { toClear, toWire } from '../records/sealing.ts'
import { keepRows, nameOf, rowsOn } from '../records/sheets.ts'
import type { WireDoc } from '../records/wire.ts'
import { holds, RESEALING, VAULT_META, vaultRing, type Ring } from '../vault/ring.ts'

/**
 * Takes an account's keys over. `returning`: what is here belongs to this account, so that only what could not be opened
 * is looked at again; else every record goes out to it as a new one.
 */
export async function takeKeys(ring: Ring, returning: boolean): Promise<void> {
  await navigator.locks.request('heartwood-sync', async () => {
    const mine = await vaultRing()
    if (returning && (await holds(ring, mine))) await reopen(ring)
    else await adopt(ring)
  })
  announce({ type: 'reset' })
}

/** In one transaction: the new keys, no former masters and checkpoints, and an outbox of every record. */
async function adopt(ring: Ring): Promise<void> {
  for (let done = false; !done;) {
    const rows = (await allRows('records')).map(unmarked)
    const sealed = await Promise.all(
      rows.map(async ({ collection, id, doc }): Promise<OutboxRow> => {
        return { collection, id, doc: await toWire(ring, collection, doc), stamp: newStamp() }
      }),
    )
    done = await whileUnchanged(rows, async (tx) => {
      const [records, outbox, meta] = [
        tx.objectStore('records'),
        tx.objectStore('outbox'),
        tx.objectStore('meta'),
      ]
      await Promise.all([records.clear(), outbox.clear(), tx.objectStore('masters').clear()])
      await Promise.all([keepRows(records, rows), keepRows(outbox, sealed)])
      const checkpoints = (await meta.getAllKeys()).filter((name) => name.startsWith('checkpoint/'))
      await Promise.all(checkpoints.map((name) => meta.delete(name)))
      await meta.put(ring, VAULT_META)
    })
  }
}

/** What could not be opened in another account's copy is blank in this one. */
function unmarked(row: RecordRow): RecordRow {
  const { unreadable: _unreadable, ...doc } = row.doc
  return { ...row, doc: doc }
}

/** More keys: what could not be opened before may open now. */
async function reopen(ring: Ring): Promise<void> {
  for (let done = false; !done;) {
    const marked = (await recordsWithWire()).filter(({ row, wire }) => wire && 'unreadable' in row.doc)
    const rows = await Promise.all(marked.map(({ row, wire }) => opened(ring, row, wire as WireDoc)))
    done = await whileUnchanged(
      rows,
      async (tx) => {
        await keepRows(tx.objectStore('records'), rows)
        await tx.objectStore('meta').put(ring, VAULT_META)
        // What was written here meanwhile is sealed with an older key.
        await tx.objectStore('meta').put(true, RESEALING)
      },
      false,
    )
  }
}

async function opened(ring: Ring, row: RecordRow, wire: WireDoc): Promise<RecordRow> {
  return { ...row, doc: await toClear({ ...ring, latest: true }, row.collection, wire) }
}

/** Answers false, with nothing written, when one of the records changed meanwhile, or (`all`) there are others. */
function whileUnchanged(
  rows: RecordRow[],
  write: (tx: Transaction) => Promise<void>,
  all: boolean = true,
): Promise<boolean> {
  return atomically(['records', 'outbox', 'masters', 'meta'], async (tx) => {
    const now = rowsOn(await tx.objectStore('records').getAll())
    const stamps = new Map(now.map((row) => [nameOf(row), row.stamp]))
    const still = rows.every((row) => stamps.get(nameOf(row)) === row.stamp)
    if (!still || (all && now.length !== rows.length)) return false
    await write(tx)
    return true
  })
}
