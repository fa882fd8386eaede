// When to sync: at the start, on reconnecting, on becoming visible, after each change, on a push's arrival.
import { onMessage } from '../lib/channel.ts'
import { syncOnce, type SyncResult } from './engine.ts'

const AFTER_CHANGE_MS = 800
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 5 * 60_000

const now = {
  running: null as Promise<SyncResult> | null,
  again: false,
  failures: 0,
  timer: undefined as ReturnType<typeof setTimeout> | undefined,
}

/** Syncs now. Asked again while one runs, it runs once more afterwards, so that no change is left behind. */
export function sync(): Promise<SyncResult> {
  clearTimeout(now.timer)
  if (now.running) now.again = true
  now.running ??= loop().finally(() => (now.running = null))
  return now.running
}

const askedAgain = (): boolean => now.again

async function loop(): Promise<SyncResult> {
  now.again = false
  const result = await syncOnce()
  if (askedAgain() && result.status === 'idle') return loop()
  plan(result)
  return result
}

function plan({ status, retryAfter }: SyncResult): void {
  now.failures = status === 'offline' ? now.failures + 1 : 0
  if (status === 'offline') later(retryAfter === null ? backOff() : retryAfter * 1000)
}

/** Doubling, with half of it by chance, so that a server that comes back is not met by everybody at once. */
function backOff(): number {
  const most = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (now.failures - 1))
  return most / 2 + (Math.random() * most) / 2
}

function later(millis: number): void {
  clearTimeout(now.timer)
  now.timer = setTimeout(() => void sync(), millis)
}

function afterChange(): void {
  if (now.running) now.again = true
  else later(AFTER_CHANGE_MS)
}

/** Starts syncing on every trigger; called once by the page. */
export function startSync(): void {
  addEventListener('online', () => void sync())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void sync()
  })
  onMessage((message, own) => {
    if (message.type === 'changed' && message.by === 'person' && own) afterChange()
    if (message.type === 'pushed') void sync()
  })
  void sync()
}
