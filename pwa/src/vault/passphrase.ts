// What a passphrase becomes on the device: a key that is shown to the server, and one that wraps the vault keys.
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import { stretch } from './derive.ts'

export const PASSPHRASE_PLACE = 'account/wrapped_keys/passphrase'
const ROUNDS = 600_000

/** How a passphrase is stretched, as the server keeps it. */
export interface Kdf {
  v: 1
  algorithm: 'pbkdf2_sha256'
  rounds: number
  /** 16 bytes, base64url. */
  salt: string
}

export interface Derived {
  /** 32 bytes, base64url. */
  authKey: string
  wrapping: CryptoKey
}

export const newKdf = (): Kdf => ({
  v: 1,
  algorithm: 'pbkdf2_sha256',
  rounds: ROUNDS,
  salt: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
})

/** Keyboards spell one letter in several ways; NFKC (Unicode Annex 15) is one spelling for all. */
export async function derive(passphrase: string, kdf: Kdf): Promise<Derived> {
  const { shown, wrapping } = await stretch(passphrase.normalize('NFKC'), fromBase64Url(kdf.salt), kdf.rounds)
  return { authKey: toBase64Url(shown), wrapping }
}
