// Whether somebody is the person of this account, found out on the device: what they have opens the account's keys.
// Nothing is used up by it, and without a connection the last known state of the account decides.
import { api } from '../lib/api.ts'
import { derive, PASSPHRASE_PLACE, type Kdf } from '../vault/passphrase.ts'
import { unwrapWithCode } from '../vault/recovery.ts'
import { holds, unwrapRing, vaultRing, type Ring } from '../vault/ring.ts'
import { Unreadable } from '../vault/vault.ts'
import { currentAccount, refreshAccount, type Account } from './account.ts'

const latest = async (): Promise<Account | undefined> =>
  (await currentAccount()) && refreshAccount().catch(currentAccount)

/** Raises NotACode for something that is none. */
export async function provenByCode(code: string): Promise<boolean> {
  const wrapped = (await latest())?.wrapped_keys.recovery
  return wrapped ? opens(unwrapWithCode(wrapped, code)) : false
}

/** Raises Offline: how the passphrase is stretched is asked of the server. */
export async function provenByPassphrase(passphrase: string): Promise<boolean> {
  const account = await latest()
  const wrapped = account?.wrapped_keys.passphrase
  if (!account?.name || !wrapped) return false
  const kdf = await api.get<Kdf>(`/logins/${encodeURIComponent(account.name)}/kdf`)
  const { wrapping } = await derive(passphrase, kdf)
  return opens(unwrapRing(wrapping, wrapped, PASSPHRASE_PLACE))
}

/** Keys that open but are not those of this device belong to somebody else. */
async function opens(unwrapping: Promise<Ring>): Promise<boolean> {
  const ring = await unwrapping.catch((error: unknown) => {
    if (error instanceof Unreadable) return null
    throw error
  })
  return ring !== null && (await holds(ring, await vaultRing()))
}
