// Brings this device and the server together. Runs in a tab or in the service worker, one at a time (Web Lock).
import { api, Offline, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import { getMeta, setMeta } from '../records/database.ts'
import { countWaiting } from '../records/repository.ts'
import { COLLECTIONS } from '../records/types.ts'
import { NEEDS_KEY, NewerKey, VAULT_META, vaultRing, type Ring } from '../vault/ring.ts'
import { sendCalls } from './calls.ts'
import { commonCheckpoint, keepCheckpoints, pullCollection, type Pulled } from './pull.ts'
import { pushCollection } from './push.ts'

export const LAST_COPY = 'last_copy'

export interface SyncReport {
  status: 'idle' | 'syncing' | 'offline' | 'signed_out' | 'needs_key' | 'problem'
  lastCopyAt?: string
  waiting: number
}

export interface SyncResult {
  status: SyncReport['status']
  /** Seconds that the server asked to wait. */
  retryAfter: number | null
}

/** One whole round: everything pulled, everything waiting pushed. Never raises; says how it went. */
export async function syncOnce(): Promise<SyncResult> {
  return locked(async () => {
    if (!(await getMeta('account'))) return report('signed_out')
    if (await getMeta<boolean>(NEEDS_KEY)) return report('needs_key')
    await report('syncing')
    try {
      await wholeRound()
      await sendCalls()
      return await settled()
    } catch (error) {
      return report(...(await verdictOf(error)))
    }
  })
}

async function wholeRound(): Promise<void> {
  try {
    await bringTogether()
  } catch (error) {
    if (!(error instanceof NewerKey) || (await isBehind())) throw error
    // There is no such key: what names it is damaged, and must not hold up the rest.
    await setMeta(VAULT_META, { ...(await vaultRing()), latest: true } satisfies Ring)
    await bringTogether()
  }
}

/** Whether the account's key was changed since this device got its keys. */
async function isBehind(): Promise<boolean> {
  const account = await api.get<{ key_version: number }>('/accounts/me')
  return account.key_version > (await vaultRing()).version
}

/**
 * Pull first, so that a push is made on what the server has now; pull again to learn the new revisions. Most rounds ask
 * once, and thrice after a check-in, since the first answer tells whether anything changed anywhere.
 */
async function bringTogether(): Promise<void> {
  let whole = await commonCheckpoint()
  for (const [index, collection] of COLLECTIONS.entries()) {
    if (whole === null || index === 0) whole = advanced(whole, await pullCollection(collection))
    if (await pushCollection(collection)) whole = advanced(whole, await pullCollection(collection))
  }
  if (whole !== null) await keepCheckpoints(whole)
}

/**
 * Every change of any record has a revision of its own. So when as many documents came as there are revisions since
 * everything was here, everything is here again; null when there is more, in other collections.
 */
const advanced = (whole: number | null, { rev, count }: Pulled): number | null =>
  whole !== null && rev - whole === count ? rev : null

async function settled(): Promise<SyncResult> {
  const waiting = await countWaiting()
  const lastCopyAt = new Date().toISOString()
  await setMeta(LAST_COPY, lastCopyAt)
  announce({ type: 'sync', state: { status: 'idle', lastCopyAt, waiting } satisfies SyncReport })
  return { status: 'idle', retryAfter: null }
}

async function report(status: SyncReport['status'], retryAfter: number | null = null): Promise<SyncResult> {
  announce({ type: 'sync', state: { status, waiting: await countWaiting() } satisfies SyncReport })
  return { status, retryAfter }
}

async function verdictOf(error: unknown): Promise<[SyncReport['status'], number | null]> {
  if (error instanceof Offline) return ['offline', null]
  if (error instanceof NewerKey) {
    await setMeta(NEEDS_KEY, true)
    announce({ type: 'account' })
    return ['needs_key', null]
  }
  if (error instanceof Problem && error.status === 401) return ['signed_out', null]
  // 429 and 5xx pass: the server is there but cannot now.
  if (error instanceof Problem)
    return [error.status === 429 || error.status >= 500 ? 'offline' : 'problem', error.retryAfter]
  console.error(error)
  return ['problem', null]
}

function locked<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request('heartwood-sync', work)
}
