// The account: made at the first need, with no name and no address. Its recovery code is the way back in.
import { api, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import { timeZone } from '../lib/dates.ts'
import { forgetEverything, getMeta, setMeta } from '../records/database.ts'
import type { Sealed } from '../records/wire.ts'
import { bytesOfCode, unwrapWithCode, wrapWithCode } from '../vault/recovery.ts'
import { sameKey, vaultKey } from '../vault/vault.ts'
import { adopt } from './adopt.ts'

export interface Account {
  id: string
  created_at: string
  timezone: string
  locale: string
  name: string | null
  has_passphrase: boolean
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

/** This browser is signed in to an account whose key it has lost: its recovery code opens it, or start afresh. */
export class JoinedBefore extends Error {
  override name = 'JoinedBefore'
}

/** The recovery code as this device holds it, until its person has it on paper. */
interface Recovery {
  code: string
  /** The server holds the vault key wrapped by this code. */
  wrapped: boolean
}

type Opened = Account & { recovery_code?: string }

const ACCOUNT = 'account'
const RECOVERY = 'recovery'
const LOCK = 'heartwood-account'

export const currentAccount = (): Promise<Account | undefined> => getMeta<Account>(ACCOUNT)

/** The code for the recovery sheet; undefined when this device does not hold it. */
export async function recoveryCode(): Promise<string | undefined> {
  return (await getMeta<Recovery>(RECOVERY))?.code
}

/**
 * Makes the account unless there is one. Raises Offline, Problem, or JoinedBefore (`afresh` then leaves the former
 * account alone and makes a new one). Calling again goes on where it stopped.
 */
export async function createAccount({ afresh = false }: { afresh?: boolean } = {}): Promise<Account> {
  return navigator.locks.request(LOCK, async () => {
    const account = (await currentAccount()) ?? (await signUp(afresh))
    await keepWrapped()
    return account
  })
}

/** An answer without a code means that the browser still has a session, though this device forgot the account. */
async function signUp(afresh: boolean): Promise<Account> {
  const body = { timezone: timeZone(), locale: 'en' }
  const { recovery_code: code, ...account } = await api.post<Opened>('/accounts', body)
  if (code) return remember(account, code)
  if (account.wrapped_keys.recovery && !afresh) throw new JoinedBefore()
  await api.delete('/sessions/current')
  return signUp(afresh)
}

async function remember(account: Account, code: string): Promise<Account> {
  await setMeta(RECOVERY, { code, wrapped: false } satisfies Recovery)
  await setMeta(ACCOUNT, account)
  announce({ type: 'account' })
  return account
}

/** Sees to it that the server holds the wrapped vault key; a crash after signing up is made good here. */
export async function keepWrapped(): Promise<void> {
  const recovery = await getMeta<Recovery>(RECOVERY)
  if (!recovery || recovery.wrapped) return
  await api.put('/accounts/me/recovery', { wrapped_key: await wrapWithCode(await vaultKey(), recovery.code) })
  await setMeta(RECOVERY, { ...recovery, wrapped: true } satisfies Recovery)
}

/**
 * Joins this device to the account of a recovery code. What was written here before is kept and merged in. The
 * code is used up; `recoveryCode()` gives the new one. Raises NotACode, Problem, Offline or Unreadable.
 */
export async function signInWithRecoveryCode(code: string): Promise<Account> {
  await bytesOfCode(code)
  return navigator.locks.request(LOCK, async () => {
    const answer = await api.post<Opened>('/sessions', { recovery_code: code })
    const { recovery_code: next = '', ...account } = answer
    const wrapped = account.wrapped_keys.recovery
    // An account whose key was never wrapped has nothing sealed that another device could have read.
    const key = wrapped ? await unwrapWithCode(wrapped, code) : await vaultKey()
    const returning = (await currentAccount())?.id === account.id && (await sameKey(key, await vaultKey()))
    if (!returning) await adopt(key)
    await remember(account, next)
    await keepWrapped()
    return account
  })
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

/** Signs out and empties this phone. What was not copied is gone: `countWaiting` says how much that is. */
export async function signOut(): Promise<void> {
  if (await currentAccount()) await api.delete('/sessions/current').catch(unlessSignedOut)
  await clearThisPhone()
}

/** Deletes the account with everything on the server, then everything here. */
export async function deleteEverything(): Promise<void> {
  if (await currentAccount()) await api.delete('/accounts/me').catch(unlessSignedOut)
  await clearThisPhone()
}

function unlessSignedOut(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401) throw error
}

async function clearThisPhone(): Promise<void> {
  await navigator.locks.request('heartwood-sync', forgetEverything)
  announce({ type: 'reset' })
}
