// Joining an account: this device takes over its vault key, and all that is here goes out again, sealed with it.
import { announce } from '../lib/channel.ts'
import { atomically, database, putRow, type OutboxRow } from '../records/database.ts'
import { newStamp } from '../records/repository.ts'
import { toWire } from '../records/sealing.ts'
import { VAULT_META } from '../vault/vault.ts'

/** In one transaction: the new key, no former masters and checkpoints, and an outbox of every record. */
export async function adopt(key: CryptoKey): Promise<void> {
  await navigator.locks.request('heartwood-sync', async () => {
    const db = await database()
    for (let done = false; !done;) {
      const rows = await db.getAll('records')
      const seen = new Map(rows.map((row) => [`${row.collection}/${row.id}`, row.stamp]))
      const sealed = await Promise.all(
        rows.map(async ({ collection, id, doc }): Promise<OutboxRow> => {
          return { collection, id, doc: await toWire(key, collection, doc), stamp: newStamp() }
        }),
      )
      done = await replace(key, sealed, seen)
    }
    announce({ type: 'reset' })
  })
}

/** Answers false, with nothing written, when a record changed while it was being sealed. */
function replace(key: CryptoKey, sealed: OutboxRow[], seen: Map<string, string>): Promise<boolean> {
  return atomically(['records', 'outbox', 'masters', 'meta'], async (tx) => {
    const [outbox, meta] = [tx.objectStore('outbox'), tx.objectStore('meta')]
    const rows = await tx.objectStore('records').getAll()
    const still = rows.every((row) => seen.get(`${row.collection}/${row.id}`) === row.stamp)
    if (!still || rows.length !== seen.size) return false
    await Promise.all([outbox.clear(), tx.objectStore('masters').clear()])
    for (const row of sealed) putRow(tx, 'outbox', row)
    const checkpoints = (await meta.getAllKeys()).filter((name) => name.startsWith('checkpoint/'))
    await Promise.all(checkpoints.map((name) => meta.delete(name)))
    await meta.put(key, VAULT_META)
    return true
  })
}
