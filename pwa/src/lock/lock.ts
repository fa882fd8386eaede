// The lock of the app on this device: a PIN, the device's own lock, or both. It is never copied.
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import { atomically, dropMeta, getMeta } from '../records/database.ts'
import { pbkdf2 } from '../vault/derive.ts'

/** Minutes away after which it locks. */
export type After = 0 | 1 | 5 | 15
export const AFTERS: readonly After[] = [0, 1, 5, 15]

interface Pin {
  /** 16 bytes, base64url. */
  salt: string
  rounds: number
  /** 32 bytes of PBKDF2, base64url. */
  verifier: string
}

export interface Lock {
  pin?: Pin
  /** The credential of the device's own lock, base64url. */
  device?: string
  after: After
  /** Wrong PINs since the last right one. */
  failures: number
  /** Milliseconds since 1970: before then no PIN is looked at. */
  waitUntil: number
}

export type Tried = 'open' | { wrong: true; left: number } | { wait: number }

const META = 'lock'
const ROUNDS = 200_000
/** Tries before the first wait. */
const FREE = 5
/** Seconds of each wait after that; the last one stays. */
const WAITS = [30, 60, 120, 300, 900, 1800, 3600]

export const isPin = (text: string): boolean => /^\d{4,8}$/.test(text)

export const readLock = (): Promise<Lock | undefined> => getMeta<Lock>(META)

/** Nothing locks the app any more. */
export const dropLock = (): Promise<void> => dropMeta(META)

/** Changes the lock in one step, so that two windows never undo each other's count of tries. */
async function change<T>(work: (lock: Lock) => [Lock, T]): Promise<T> {
  return atomically(
    ['meta'],
    async (tx) => {
      const meta = tx.objectStore('meta')
      const known = (await meta.get(META)) as Lock | undefined
      const [next, answer] = work(known ?? { after: 1, failures: 0, waitUntil: 0 })
      await meta.put(next, META)
      return answer
    },
    'strict',
  )
}

const patch = (fields: Partial<Lock>): Promise<void> => change((lock) => [{ ...lock, ...fields }, undefined])

/** Raises RangeError for anything but four to eight digits. */
export async function setPin(pin: string): Promise<void> {
  if (!isPin(pin)) throw new RangeError('four to eight digits')
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const verifier = toBase64Url(await pbkdf2(pin, salt, ROUNDS, 32))
  await patch({ pin: { salt: toBase64Url(salt), rounds: ROUNDS, verifier }, failures: 0, waitUntil: 0 })
}

export const setDevice = (credential: string): Promise<void> => patch({ device: credential })
export const setAfter = (after: After): Promise<void> => patch({ after })

const waitAfter = (failures: number): number =>
  failures < FREE ? 0 : 1000 * (WAITS[Math.min(failures - FREE, WAITS.length - 1)] ?? 0)

/** Milliseconds that are still to wait. A clock that was turned back cannot make it longer than it was. */
export function waitLeft({ failures, waitUntil }: Lock, now: number = Date.now()): number {
  return Math.max(0, Math.min(waitUntil - now, waitAfter(failures)))
}

/**
 * Tries a PIN. The try is counted before it is looked at, so that closing the app in between gives no free one, and the
 * count outlives a restart.
 */
export async function tryPin(pin: string, now: number = Date.now()): Promise<Tried> {
  const counted = await change((lock): [Lock, Lock | { wait: number }] => {
    const wait = waitLeft(lock, now)
    if (wait) return [lock, { wait }]
    const failures = lock.failures + 1
    const next = { ...lock, failures, waitUntil: now + waitAfter(failures) }
    return [next, next]
  })
  if ('wait' in counted) return counted
  if (!counted.pin || !(await matches(counted.pin, pin))) return refusal(counted, now)
  await patch({ failures: 0, waitUntil: 0 })
  return 'open'
}

function refusal(lock: Lock, now: number): Tried {
  const wait = waitLeft(lock, now)
  return wait ? { wait } : { wrong: true, left: FREE - lock.failures }
}

async function matches({ salt, rounds, verifier }: Pin, pin: string): Promise<boolean> {
  return toBase64Url(await pbkdf2(pin, fromBase64Url(salt), rounds, 32)) === verifier
}
