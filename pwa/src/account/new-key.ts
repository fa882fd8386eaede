// A new vault key, for somebody who fears that another person has the old one. Every step is noted before it is taken,
// so that a crash or a lost answer leaves a change that can be finished.
import { api, Problem } from '../lib/api.ts'
import { announce } from '../lib/channel.ts'
import { setSettings } from '../lib/settings.svelte.ts'
import { atomically, dropMeta, getMeta, setMeta } from '../records/database.ts'
import { countWaiting } from '../records/repository.ts'
import type { Sealed } from '../records/wire.ts'
import { sync } from '../sync/triggers.ts'
import { derive, PASSPHRASE_PLACE, type Kdf } from '../vault/passphrase.ts'
import { wrapWithCode } from '../vault/recovery.ts'
import {
  NEEDS_KEY,
  RESEALING,
  unwrapRing,
  VAULT_META,
  vaultRing,
  withNewKey,
  wrapRing,
  type Ring,
} from '../vault/ring.ts'
import { newVaultKey } from '../vault/vault.ts'
import { ACCOUNT, alone, RECOVERY, refreshAccount, type Account, type Recovery } from './account.ts'
import { takeKeys } from './enter.ts'
import { reseal } from './reseal.ts'

/** What is on this device is not yet in the safe copy, so its key is not changed. */
export class NotCopied extends Error {
  override name = 'NotCopied'
}

/** The key was changed on another device meanwhile: this one has to sign in again. */
export class ChangedElsewhere extends Error {
  override name = 'ChangedElsewhere'
}

/** The passphrase is not the one of the account. */
export class WrongPassphrase extends Error {
  override name = 'WrongPassphrase'
}

interface Change {
  ring: Ring
  /** A new recovery code was asked for: from here on the change has to be finished. */
  asked?: boolean
  /** That code, once it came. */
  code?: string
  /** The wrapped copies, once they are sent. */
  wrapped_keys?: { recovery: Sealed; passphrase?: Sealed }
}

const CHANGE = 'key_change'

/** Whether a change was begun and is not finished. */
export const isUnfinished = async (): Promise<boolean> =>
  (await getMeta<Change>(CHANGE))?.asked === true || (await getMeta<boolean>(RESEALING)) === true

/** Steps of the change, for a line that says what is happening. */
export type Step = 'copying' | 'key' | 'sealing' | 'sending'

/**
 * Makes a new key, or finishes a change that was cut off. With the passphrase, that goes on opening the words. Raises
 * Offline, Problem, NotCopied, ChangedElsewhere, WrongPassphrase.
 */
export async function changeKey(
  passphrase: string | null,
  progress: (step: Step, left?: number) => void = () => undefined,
): Promise<void> {
  progress('copying')
  if (!(await isUnfinished())) await begin()
  progress('key')
  await alone(() => carryOn(passphrase))
  await finish(progress)
}

/** For somebody whom no way is left that brings the keys: what was sealed before stays closed for good. */
export async function beginWithoutOldKey(): Promise<void> {
  const { key_version: version } = await refreshAccount()
  const ring = { version: version + 1, keys: [await newVaultKey()] }
  await setMeta(CHANGE, { ring } satisfies Change)
  await alone(() => carryOn(null))
  await finish(() => undefined)
}

async function begin(): Promise<void> {
  await sync()
  if (await countWaiting()) throw new NotCopied()
  await setMeta(CHANGE, { ring: await withNewKey(await vaultRing()) } satisfies Change)
}

async function carryOn(passphrase: string | null): Promise<void> {
  const change = await getMeta<Change>(CHANGE)
  if (!change) return
  const account = await refreshAccount()
  if (account.key_version < change.ring.version)
    await settle(change, await putInForce(change, account, passphrase))
  else if (isOurs(account, change)) await settle(change, account)
  else await giveUp()
}

/** The answer was lost: the new key is in force, and it is this one. */
const isOurs = ({ wrapped_keys }: Account, { wrapped_keys: sent }: Change): boolean =>
  sent !== undefined && wrapped_keys.recovery?.ct === sent.recovery.ct

async function giveUp(): Promise<never> {
  await dropMeta(CHANGE)
  throw new ChangedElsewhere()
}

async function putInForce(change: Change, account: Account, passphrase: string | null): Promise<Account> {
  const again = passphrase && (await rewrapped(account, passphrase, change.ring))
  await setMeta(CHANGE, { ...change, asked: true } satisfies Change)
  change.asked = true
  change.code ??= (await api.post<{ recovery_code: string }>('/accounts/me/recovery')).recovery_code
  await setMeta(CHANGE, change)
  change.wrapped_keys = {
    recovery: await wrapWithCode(change.ring, change.code),
    ...(again && { passphrase: again }),
  }
  await setMeta(CHANGE, change)
  const body = { key_version: change.ring.version, wrapped_keys: change.wrapped_keys }
  return api.put<Account>('/accounts/me/keys', body).catch(async (error: unknown) => {
    if (error instanceof Problem && error.status === 409) return giveUp()
    throw error
  })
}

/** The new ring, wrapped by the passphrase, if that is the one that opens the old. */
async function rewrapped({ name, wrapped_keys }: Account, passphrase: string, ring: Ring): Promise<Sealed> {
  const kdf = await api.get<Kdf>(`/logins/${encodeURIComponent(name ?? '')}/kdf`)
  const { wrapping } = await derive(passphrase, kdf)
  if (wrapped_keys.passphrase) {
    await unwrapRing(wrapping, wrapped_keys.passphrase, PASSPHRASE_PLACE).catch(() => {
      throw new WrongPassphrase()
    })
  }
  return wrapRing(wrapping, ring, PASSPHRASE_PLACE)
}

/** In one transaction: from here on this device seals with the new key, and shows the new sheet. */
async function settle({ ring, code = '' }: Change, account: Account): Promise<void> {
  const fresh = ring.keys.length === 1
  if (fresh) await takeKeys(ring, false)
  await atomically(['meta'], async (tx) => {
    const meta = tx.objectStore('meta')
    await meta.put(ring, VAULT_META)
    await meta.put({ code, wrapped: true } satisfies Recovery, RECOVERY)
    await meta.put(account, ACCOUNT)
    await meta.put(true, RESEALING)
    await Promise.all([meta.delete(CHANGE), meta.delete(NEEDS_KEY)])
  })
  await setSettings({ sheetKept: false })
  announce({ type: 'account' })
}

async function finish(progress: (step: Step, left?: number) => void): Promise<void> {
  await reseal((left) => progress('sealing', left))
  progress('sending')
  await sync()
}
