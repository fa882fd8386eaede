// Passkeys of the account: made, listed, deleted, and told the vault keys where the browser can keep them.
import { api } from '../lib/api.ts'
import type { Sealed } from '../records/wire.ts'
import { vaultRing, wrapRing } from '../vault/ring.ts'
import { createAccount, currentAccount, refreshAccount } from './account.ts'
import {
  makePasskey,
  usePasskey,
  type Answered,
  type CreationOptions,
  type RequestOptions,
} from './webauthn.ts'

/** The associated data of the vault keys that a passkey wraps. */
export const PASSKEY_PLACE = 'account/wrapped_keys/passkey'

export interface Passkey {
  id: string
  /** The kind of device: 'iPhone'. */
  label: string
  created_at: string
  last_used_at: string | null
  /** It opens the words as well, not only the account. */
  has_key: boolean
}

export async function listPasskeys(): Promise<Passkey[]> {
  if (!(await currentAccount())) return []
  return (await api.get<{ items: Passkey[] }>('/passkeys')).items
}

/** Makes a passkey. Call it straight from a tap. Raises NotChosen, Problem, Offline. */
export async function addPasskey(): Promise<Passkey> {
  await createAccount()
  const options = await api.post<CreationOptions>('/passkeys/registration')
  const made = await makePasskey(options)
  const passkey = await api.post<Passkey>('/passkeys', {
    credential: made.credential,
    label: null,
    wrapped_key: await wrappedBy(made),
  })
  await refreshAccount()
  return passkey
}

async function wrappedBy({ wrapping }: Answered): Promise<Sealed | null> {
  return wrapping && wrapRing(wrapping, await vaultRing(), PASSKEY_PLACE)
}

export async function deletePasskey(id: string): Promise<void> {
  await api.delete(`/passkeys/${id}`)
  await refreshAccount()
}

/** Asks for a passkey and what it proves. Raises NotChosen. */
export async function askForPasskey(): Promise<Answered> {
  return usePasskey(await api.post<RequestOptions>('/passkeys/authentication'))
}

/**
 * Has a passkey keep the vault keys too. Which one it is, the server tells by the sign-in. Answers whether this browser
 * could. Raises NotChosen, Problem, Offline.
 */
export async function tellPasskey(): Promise<boolean> {
  const used = await askForPasskey()
  const wrapped_key = await wrappedBy(used)
  if (!wrapped_key) return false
  const { passkey_id: id } = await api.post<{ passkey_id: string }>('/sessions', { passkey: used.credential })
  await api.put(`/passkeys/${id}/key`, { wrapped_key })
  return true
}
