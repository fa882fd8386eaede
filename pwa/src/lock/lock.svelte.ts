// Whether the app is locked now: at every start, and after time away.
import { announce, onMessage } from '../lib/channel.ts'
import { readLock, setAfter, type After, type Lock } from './lock.ts'

/** Reactive. */
export const lockState = $state({
  /** There is a lock on this device. */
  on: false,
  locked: false,
  pin: false,
  device: null as string | null,
  after: 1,
})

const MINUTE_MS = 60_000
let leftAt: number | null = null

function show(lock: Lock | undefined): void {
  lockState.on = lock !== undefined
  lockState.pin = lock?.pin !== undefined
  lockState.device = lock?.device ?? null
  lockState.after = lock?.after ?? 1
  if (!lock) lockState.locked = false
}

/** Reads the lock before the first screen is drawn; with one, the app starts locked. */
export async function startLock(): Promise<void> {
  onMessage((message) => {
    if (message.type === 'lock' || message.type === 'reset') void readLock().then(show)
  })
  show(await readLock().catch(() => undefined))
  lockState.locked = lockState.on
  if (lockState.on) void import('../screens/lock/LockScreen.svelte')
  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('blur', () => cover(true))
  addEventListener('focus', () => cover(false))
}

/** After the lock was changed: every window learns it. */
export const lockChanged = (): void => announce({ type: 'lock' })

/** Holds from this moment on, however long storing it takes: who leaves right after finds it so. */
export async function chooseAfter(after: After): Promise<void> {
  lockState.after = after
  await setAfter(after).finally(lockChanged)
}

export function lockNow(): void {
  if (lockState.on) lockState.locked = true
}

export function unlock(): void {
  lockState.locked = false
}

/** At once and by an attribute, since the system takes its picture of the page right then. */
function cover(covered: boolean): void {
  document.documentElement.toggleAttribute('data-covered', covered && lockState.on)
}

function onVisibility(): void {
  const hidden = document.visibilityState === 'hidden'
  cover(hidden)
  if (hidden) leftAt = Date.now()
  if (hidden ? lockState.after === 0 : wasAway()) lockNow()
}

/** A clock that was turned back counts as away. */
function wasAway(): boolean {
  const away = leftAt === null ? 0 : Date.now() - leftAt
  return away < 0 || away >= lockState.after * MINUTE_MS
}
