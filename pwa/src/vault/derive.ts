// Keys derived from what a person knows or has. None of them leaves the device.

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** An AES-256-GCM key that wraps the vault keys, from a secret of full strength (HKDF-SHA-256, RFC 5869, no salt). */
export async function wrappingKeyFrom(secret: Uint8Array<ArrayBuffer>, info: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: bytesOf(info) }
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}

export interface Halves {
  /** The first 32 bytes: what is shown to the server. */
  shown: Uint8Array<ArrayBuffer>
  /** The AES-256-GCM key of the last 32: what wraps the vault keys here. */
  wrapping: CryptoKey
}

/** 64 bytes of PBKDF2-HMAC-SHA-256 (RFC 8018) in two halves, so that what the server sees tells nothing of the key. */
export async function stretch(
  secret: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
): Promise<Halves> {
  const bytes = await pbkdf2(secret, salt, rounds, 64)
  const wrapping = await crypto.subtle.importKey('raw', bytes.slice(32), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  return { shown: bytes.slice(0, 32), wrapping }
}

/** PBKDF2-HMAC-SHA-256 of the UTF-8 of a secret. */
export async function pbkdf2(
  secret: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const base = await crypto.subtle.importKey('raw', bytesOf(secret), 'PBKDF2', false, ['deriveBits'])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, base, length * 8))
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
