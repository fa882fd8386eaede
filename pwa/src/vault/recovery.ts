// The recovery code: 128 random bits and 12 check bits in Crockford's base32, 7 groups of 4. It signs in once, and
// through a separate derivation it wraps the vault key. The wrapping key never leaves the device.
import { exportVaultKey, importVaultKey, openBytes, sealBytes } from './vault.ts'
import type { Sealed } from '../records/wire.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUPS = /.{4}/g
const CHECK = 'heartwood/recovery/check'
const INFO = 'heartwood/recovery/wrap'
/** The associated data of the wrapped vault key. */
export const WRAPPED_PLACE = 'account/wrapped_keys/recovery'

/** The code was mistyped: wrong length, a letter that is not used, or check bits that do not fit. */
export class NotACode extends Error {
  override name = 'NotACode'
}

/** The code as it is printed, from anything a person may type: small letters, spaces, O for 0, I and L for 1. */
export function tidyCode(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return plain.match(GROUPS)?.join('-') ?? plain
}

/** The 16 bytes of a code; raises NotACode. */
export async function bytesOfCode(code: string): Promise<Uint8Array<ArrayBuffer>> {
  const plain = tidyCode(code).replaceAll('-', '')
  const digits = Array.from(plain, (char) => ALPHABET.indexOf(char))
  if (digits.length !== 28 || digits.includes(-1)) throw new NotACode('28 letters and digits are expected')
  const bits = digits.reduce((all, digit) => (all << 5n) | BigInt(digit), 0n)
  const bytes = bytesOf(bits >> 12n)
  if ((await checkBits(bytes)) !== Number(bits & 0xfffn)) throw new NotACode('the check digits do not fit')
  return bytes
}

function bytesOf(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16)
  for (let at = 15, rest = value; at >= 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn)
  return bytes
}

/** The first 12 bits of the SHA-256 of a label and the bytes. */
async function checkBits(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const label = new TextEncoder().encode(CHECK)
  const digest = new DataView(await crypto.subtle.digest('SHA-256', new Uint8Array([...label, ...bytes])))
  return digest.getUint16(0) >> 4
}

async function wrappingKey(code: string): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', await bytesOfCode(code), 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode(INFO)
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
  return crypto.subtle.deriveKey(derivation, secret, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}

/** The vault key, sealed by the recovery code (HKDF-SHA-256, RFC 5869, then AES-256-GCM). */
export async function wrapWithCode(
  key: CryptoKey,
  code: string,
  iv?: Uint8Array<ArrayBuffer>,
): Promise<Sealed> {
  return sealBytes(await wrappingKey(code), await exportVaultKey(key), WRAPPED_PLACE, iv)
}

/** The vault key out of its wrapping; raises NotACode or Unreadable. */
export async function unwrapWithCode(wrapped: Sealed, code: string): Promise<CryptoKey> {
  return importVaultKey(await openBytes(await wrappingKey(code), wrapped, WRAPPED_PLACE))
}
