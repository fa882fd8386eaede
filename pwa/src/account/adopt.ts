// Joining an account: this device takes over its vault key, and all that is here goes out again, sealed with it.
import { announce } from '../lib/channel.ts'
import { database, type OutboxRow } from '../records/database.ts'
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
async function replace(key: CryptoKey, sealed: OutboxRow[], seen: Map<string, string>): Promise<boolean> {
  const tx = (await database()).transaction(['records', 'outbox', 'masters', 'meta'], 'readwrite')
  const rows = await tx.objectStore('records').getAll()
  const still =
    rows.length === seen.size && rows.every((row) => seen.get(`${row.collection}/${row.id}`) === row.stamp)
  if (!still) {
    await tx.done
    return false
  }
  await Promise.all([tx.objectStore('outbox').clear(), tx.objectStore('masters').clear()])
  for (const row of sealed) void tx.objectStore('outbox').put(row)
  for (const name of (await tx.objectStore('meta').getAllKeys()).filter((name) =>
    name.startsWith('checkpoint/'),
  )) {
    void tx.objectStore('meta').delete(name)
  }
  void tx.objectStore('meta').put(key, VAULT_META)
  await tx.done
  return true
}
