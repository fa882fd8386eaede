// Small calls that may wait for the network: what became of a nudge, a pause asked for on a notification.
import { api, Problem } from '../lib/api.ts'
import { database } from '../records/database.ts'
import { uuid7 } from '../lib/uuid.ts'

/** Keeps a POST until it can be sent; after `until` it is dropped. */
export async function queueCall(path: string, body: unknown, until: Date | null = null): Promise<void> {
  const row = { id: uuid7(), path, body, until: until?.toISOString() ?? null }
  await (await database()).put('calls', row)
}

/** Sends what waits, oldest first. A call that the server refuses is dropped: asking again would not help. */
export async function sendCalls(): Promise<void> {
  const db = await database()
  for (const call of await db.getAll('calls')) {
    if (!call.until || call.until > new Date().toISOString()) await sendOne(call.path, call.body)
    await db.delete('calls', call.id)
  }
}

async function sendOne(path: string, body: unknown): Promise<void> {
  try {
    await api.post(path, body)
  } catch (error) {
    const passing = !(error instanceof Problem) || [401, 429].includes(error.status) || error.status >= 500
    if (passing) throw error
  }
}
