// A name and a passphrase for the account.
import { api } from '../lib/api.ts'
import { derive, newKdf, PASSPHRASE_PLACE } from '../vault/passphrase.ts'
import { vaultRing, wrapRing } from '../vault/ring.ts'
import { createAccount, refreshAccount, type Account } from './account.ts'

/** The fewest characters that are taken: shorter ones are guessed however they are stretched. */
export const LEAST = 10

/** How well a passphrase stands against guessing, for a kind word about it. */
export type Strength = 'short' | 'plain' | 'good' | 'strong'

/**
 * A rough guess by length and variety: whoever has the database can try a few thousand a second for each account. Four
 * words or sixteen varied characters are far out of reach.
 */
export function strengthOf(passphrase: string): Strength {
  const text = passphrase.normalize('NFKC').trim()
  if (text.length < LEAST) return 'short'
  const varied = new Set(text.toLowerCase()).size
  const words = new Set(
    text
      .toLowerCase()
      .split(/[\s\-_.,]+/)
      .filter((word) => word.length > 2),
  ).size
  if (varied < 6 || /^\d+$/.test(text)) return 'plain'
  if (words >= 5 || (words < 3 && text.length >= 20 && varied >= 10)) return 'strong'
  return words >= 3 || (text.length >= 14 && varied >= 8) ? 'good' : 'plain'
}

/**
 * Sets the name and passphrase, or changes them: every other device is signed out then. Raises Problem (409 `name_taken`,
 * 422 for a name that cannot be one), Offline.
 */
export async function setPassphrase(name: string, passphrase: string): Promise<Account> {
  await createAccount()
  const kdf = newKdf()
  const { authKey, wrapping } = await derive(passphrase, kdf)
  const wrapped_key = await wrapRing(wrapping, await vaultRing(), PASSPHRASE_PLACE)
  return refreshAccount(
    await api.put<Account>('/accounts/me/login', { name, auth_key: authKey, kdf, wrapped_key }),
  )
}
