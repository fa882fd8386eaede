// How the safe copy stands, for one quiet line.
import { onMessage } from '../lib/channel.ts'
import { countWaiting } from '../records/repository.ts'
import { LAST_COPY, type SyncReport } from './engine.ts'
import { getMeta } from '../records/database.ts'

export interface SyncState {
  /** signed_out: nothing is copied, because there is no account or it was signed out. needs_key: its keys are missing. */
  status: SyncReport['status']
  /** When the copy was last complete; null when never. */
  lastCopyAt: string | null
  /** Changes that are on this phone only. */
  waiting: number
}

/** Reactive. */
export const syncState: SyncState = $state({ status: 'idle', lastCopyAt: null, waiting: 0 })

async function recount(): Promise<void> {
  syncState.waiting = await countWaiting()
}

/** Follows the engine, whichever tab or worker runs it. */
export async function startSyncState(): Promise<void> {
  onMessage((message) => {
    if (message.type === 'sync') Object.assign(syncState, message.state as SyncReport)
    if (message.type === 'changed' || message.type === 'reset') void recount()
  })
  // Together: a copy is not called whole for the moment until what waits is counted.
  const [lastCopyAt = null, waiting] = await Promise.all([getMeta<string>(LAST_COPY), countWaiting()])
  Object.assign(syncState, { lastCopyAt, waiting })
}
