// The account: made at the first need, with no name and no address. Its recovery code is the way back in.
import { api, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import { timeZone } from '../lib/dates.ts'
import { atomically, dropMeta, forgetEverything, getMeta, setMeta } from '../records/database.ts'
import type { Sealed } from '../records/wire.ts'
import { wrapWithCode } from '../vault/recovery.ts'
import { NEEDS_KEY, vaultRing } from '../vault/ring.ts'

export interface Account {
  id: string
  created_at: string
  timezone: string
  locale: string
  name: string | null
  has_passphrase: boolean
  /** Deleted then unless somebody comes by; null with a passphrase or a passkey. */
  expires_at?: string | null
  /** Which vault key is in use, counted from 1. */
  key_version: number
  wrapped_keys: { passphrase?: Sealed | null; recovery?: Sealed | null }
}

export interface Device {
  id: string
  /** As its browser calls itself: 'Firefox on Android'. */
  device: string
  created_at: string
  /** To the day. */
  last_seen_at: string
  current: boolean
}

/** This browser is signed in to an account whose key it has lost: one of its ways in opens it, or start afresh. */
export class JoinedBefore extends Error {
  override name = 'JoinedBefore'
}

/** The recovery code as this device holds it, until its person has it on paper. */
export interface Recovery {
  code: string
  /** The server holds the vault keys wrapped by this code. */
  wrapped: boolean
}

export const ACCOUNT = 'account'
export const RECOVERY = 'recovery'
const LOCK = 'heartwood-account'

export const currentAccount = (): Promise<Account | undefined> => getMeta<Account>(ACCOUNT)

/** The code for the recovery sheet; undefined when this device does not hold it. */
export async function recoveryCode(): Promise<string | undefined> {
  return (await getMeta<Recovery>(RECOVERY))?.code
}

/** Whether this device is signed in but lacks the keys of its account. */
export const needsKey = async (): Promise<boolean> => (await getMeta<boolean>(NEEDS_KEY)) ?? false

/** One at a time, whichever tab asks. */
export const alone = <T>(work: () => Promise<T>): Promise<T> => navigator.locks.request(LOCK, work)

/**
 * Makes the account unless there is one. Raises Offline, Problem, or JoinedBefore (`afresh` then leaves the former
 * account alone and makes a new one). Calling again goes on where it stopped.
 */
export async function createAccount({ afresh = false }: { afresh?: boolean } = {}): Promise<Account> {
  return alone(async () => {
    const account = (await currentAccount()) ?? (await signUp(afresh))
    await keepWrapped()
    return account
  })
}

/** An answer without a code means that the browser still has a session, though this device forgot the account. */
async function signUp(afresh: boolean): Promise<Account> {
  const body = { timezone: timeZone(), locale: 'en' }
  const { recovery_code: code, ...account } = await api.post<Account & { recovery_code?: string }>(
    '/accounts',
    body,
  )
  if (code) return remember(account, code)
  if (hasKeys(account) && !afresh) throw new JoinedBefore()
  await api.delete('/sessions/current')
  return signUp(afresh)
}

const hasKeys = ({ key_version, wrapped_keys: { recovery, passphrase } }: Account): boolean =>
  key_version > 1 || Boolean(recovery ?? passphrase)

/** Keeps the account, with its next recovery code where there is one, in one transaction. */
export async function remember(account: Account, code?: string, lacksKey = false): Promise<Account> {
  const { wrapped_keys: wrapped } = account
  const { recovery, passphrase } = wrapped
  await atomically(['meta'], async (tx) => {
    const meta = tx.objectStore('meta')
    await meta.put({ ...account, wrapped_keys: { recovery, passphrase } }, ACCOUNT)
    if (code) await meta.put({ code, wrapped: false } satisfies Recovery, RECOVERY)
    await (lacksKey ? meta.put(true, NEEDS_KEY) : meta.delete(NEEDS_KEY))
  })
  announce({ type: 'account' })
  return account
}

/** Keeps what the server says of the account now. */
export async function refreshAccount(account?: Account): Promise<Account> {
  const now = account ?? (await api.get<Account>('/accounts/me'))
  await setMeta(ACCOUNT, now)
  announce({ type: 'account' })
  return now
}

/** Sees to it that the server holds the wrapped vault keys; a crash after signing up is made good here. */
export async function keepWrapped(): Promise<void> {
  const recovery = await getMeta<Recovery>(RECOVERY)
  if (!recovery || recovery.wrapped || (await needsKey())) return
  const wrapped = await wrapWithCode(await vaultRing(), recovery.code)
  const account = await api.put<Account>('/accounts/me/recovery', { wrapped_key: wrapped })
  await setMeta(RECOVERY, { ...recovery, wrapped: true } satisfies Recovery)
  await refreshAccount(account)
}

/** A new sheet: the code before is worthless at once. Raises Offline or Problem. */
export async function renewRecoveryCode(): Promise<string> {
  return alone(async () => {
    const { recovery_code: code } = await api.post<{ recovery_code: string }>('/accounts/me/recovery')
    await setMeta(RECOVERY, { code, wrapped: false } satisfies Recovery)
    announce({ type: 'account' })
    await keepWrapped()
    return code
  })
}

/** The person has it on paper: this device need not hold it any more. */
export async function forgetRecoveryCode(): Promise<void> {
  await keepWrapped()
  await dropMeta(RECOVERY)
  announce({ type: 'account' })
}

/** Follows the device to another time zone, so that nudges keep their local hour. */
export async function keepTimeZone(): Promise<void> {
  const account = await currentAccount()
  if (!account || account.timezone === timeZone()) return
  await setMeta(ACCOUNT, await api.patch<Account>('/accounts/me', { timezone: timeZone() }))
}

/** The devices that are signed in. */
export async function listDevices(): Promise<Device[]> {
  return (await api.get<{ items: Device[] }>('/sessions')).items
}

export const signOutDevice = (id: string): Promise<void> => api.delete(`/sessions/${id}`)

/** Signs out and empties this phone. What was not copied is gone: `waitingByKind` says what that is. */
export const signOut = (): Promise<void> => leaving(() => api.delete('/sessions/current'))

/** Deletes the account with everything on the server, then everything here. */
export const deleteEverything = (): Promise<void> => leaving(() => api.delete('/accounts/me'))

/** A sync that is under way ends first, so that it is not refused in the middle. */
async function leaving(call: () => Promise<void>): Promise<void> {
  await navigator.locks.request('heartwood-sync', async () => {
    if (await currentAccount()) await call().catch(unlessSignedOut)
    await forgetEverything()
  })
  announce({ type: 'reset' })
}

function unlessSignedOut(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401) throw error
}

/** Empties this phone and leaves the safe copy alone; without a connection too. */
export async function clearThisPhone(): Promise<void> {
  await navigator.locks.request('heartwood-sync', forgetEverything)
  announce({ type: 'reset' })
}
