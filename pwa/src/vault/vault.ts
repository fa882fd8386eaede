// Free text is sealed here before it leaves the phone: AES-256-GCM, a fresh 96-bit nonce each time
// (NIST SP 800-38D), the place of the text as associated data so that it cannot be moved unnoticed.
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import type { Sealed } from '../records/wire.ts'

const VERSION = 1

/** Bytes of text that fit the server's limit of 64 KiB of base64url (48 KiB less the 16-byte tag). */
export const MOST_BYTES = 48 * 1024 - 16

/** The envelope cannot be opened: another key, another place, or damage. */
export class Unreadable extends Error {
  override name = 'Unreadable'
}

/** The text is longer than the safe copy takes. */
export class TooLong extends Error {
  override name = 'TooLong'
}

/** The associated data of a field: `collection/id/field` with the field's name on the wire. */
export const placeOf = (collection: string, id: string, field: string): string =>
  `${collection}/${id}/${field}`

/** A fresh vault key; it can be exported so that a secret of its person can wrap it. */
export function newVaultKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
}

export function importVaultKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', true, ['encrypt', 'decrypt'])
}

export async function exportVaultKey(key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', key))
}

/** Seals bytes. `iv` is only ever given by known-answer tests. */
export async function sealBytes(
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  place: string,
  iv: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(12)),
): Promise<Sealed> {
  const additionalData = new TextEncoder().encode(place)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes)
  return { v: VERSION, iv: toBase64Url(iv), ct: toBase64Url(new Uint8Array(sealed)) }
}

/** Opens an envelope made for this place; raises Unreadable. */
export async function openBytes(
  key: CryptoKey,
  sealed: Sealed,
  place: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (sealed.v !== VERSION) throw new Unreadable(`envelope version ${sealed.v}`)
  const additionalData = new TextEncoder().encode(place)
  try {
    const iv = fromBase64Url(sealed.iv)
    const bytes = fromBase64Url(sealed.ct)
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes))
  } catch (error) {
    throw new Unreadable(`cannot open ${place}`, { cause: error })
  }
}
