// Brings this device and the server together. Runs in a tab or in the service worker, one at a time (Web Lock).
import { Offline, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import { getMeta, setMeta } from '../records/database.ts'
import { countWaiting } from '../records/repository.ts'
import { COLLECTIONS, type Collection } from '../records/types.ts'
import { sendCalls } from './calls.ts'
import { pullCollection } from './pull.ts'
import { pushCollection } from './push.ts'

export const LAST_COPY = 'last_copy'

export interface SyncReport {
  status: 'idle' | 'syncing' | 'offline' | 'signed_out' | 'problem'
  lastCopyAt?: string
  waiting: number
}

export interface SyncResult {
  status: SyncReport['status']
  /** Seconds that the server asked to wait. */
  retryAfter: number | null
}

interface Account {
  id: string
}

/** One whole round: everything pulled, everything waiting pushed. Never raises; says how it went. */
export async function syncOnce(): Promise<SyncResult> {
  return locked(async () => {
    if (!(await getMeta<Account>('account'))) return report('signed_out')
    await report('syncing')
    try {
      for (const collection of COLLECTIONS) await bringTogether(collection)
      await sendCalls()
      return await settled()
    } catch (error) {
      return report(...verdictOf(error))
    }
  })
}

/** Pull first, so that a push is made on what the server has now; pull again to learn the new revisions. */
async function bringTogether(collection: Collection): Promise<void> {
  await pullCollection(collection)
  if (await pushCollection(collection)) await pullCollection(collection)
}

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

function verdictOf(error: unknown): [SyncReport['status'], number | null] {
  if (error instanceof Offline) return ['offline', null]
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
