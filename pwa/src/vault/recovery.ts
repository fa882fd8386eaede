// The recovery code: 128 random bits and 12 check bits in Crockford's base32, 7 groups of 4. It signs in once, and
// through a separate derivation it wraps the vault keys. The wrapping key never leaves the device.
import type { Sealed } from '../records/wire.ts'
import { digitsOf, NotACode } from './crockford.ts'
import { sha256, wrappingKeyFrom } from './derive.ts'
import { unwrapRing, wrapRing, type Ring } from './ring.ts'

const LENGTH = 28
const CHECK = 'heartwood/recovery/check'
const INFO = 'heartwood/recovery/wrap'
/** The associated data of the wrapped vault keys. */
const PLACE = 'account/wrapped_keys/recovery'

/** The 16 bytes of a code; raises NotACode. */
export async function bytesOfCode(code: string): Promise<Uint8Array<ArrayBuffer>> {
  const bits = digitsOf(code, LENGTH).reduce((all, digit) => (all << 5n) | BigInt(digit), 0n)
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
  const [first = 0, second = 0] = await sha256(new Uint8Array([...label, ...bytes]))
  return (first << 4) | (second >> 4)
}

const wrappingKey = async (code: string): Promise<CryptoKey> => wrappingKeyFrom(await bytesOfCode(code), INFO)

/** The vault keys, sealed by the recovery code. */
export async function wrapWithCode(ring: Ring, code: string, iv?: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  return wrapRing(await wrappingKey(code), ring, PLACE, iv)
}

/** The vault keys out of their wrapping; raises NotACode or Unreadable. */
export async function unwrapWithCode(wrapped: Sealed, code: string): Promise<Ring> {
  return unwrapRing(await wrappingKey(code), wrapped, PLACE)
}
