// The code that a first device shows a second one: 80 random bits, 16 letters in groups of four. Its one half of the
// derivation is what the server knows the second device by, the other wraps the vault keys. The code stays on the two.
import { toBase64Url } from '../lib/base64url.ts'
import { ALPHABET, digitsOf, plainCode, tidyCode } from './crockford.ts'
import { stretch } from './derive.ts'

export const JOIN_PLACE = 'account/wrapped_keys/join'
const LENGTH = 16
const SALT = 'heartwood/join/v1'
const ROUNDS = 600_000

export interface JoinKeys {
  token: Uint8Array<ArrayBuffer>
  wrapping: CryptoKey
}

/** A fresh code as it is shown; 256 is a multiple of 32, so every letter is as likely. */
export function newJoinCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(LENGTH))
  return tidyCode(Array.from(random, (byte) => ALPHABET[byte % 32]).join(''))
}

/** True for what can be a code, however it was typed. */
export const isJoinCode = (typed: string): boolean =>
  plainCode(typed).length === LENGTH && Array.from(plainCode(typed)).every((char) => ALPHABET.includes(char))

/** What both devices make of a code; raises NotACode. */
export async function joinKeys(code: string): Promise<JoinKeys> {
  digitsOf(code, LENGTH)
  const { shown, wrapping } = await stretch(plainCode(code), new TextEncoder().encode(SALT), ROUNDS)
  return { token: shown, wrapping }
}

/** The token as it is sent by the second device. */
export const tokenOf = ({ token }: JoinKeys): string => toBase64Url(token)
