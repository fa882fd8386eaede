// The vault keys that an account has had, the newest first. New texts are sealed with the newest; older texts are
// opened with the key whose version their envelope names.
import { toBase64Url } from '../lib/base64url.ts'
import { database, getMeta } from '../records/database.ts'
import type { Sealed } from '../records/wire.ts'
import {
  exportVaultKey,
  importVaultKey,
  MOST_BYTES,
  newVaultKey,
  openBytes,
  sealBytes,
  TooLong,
  Unreadable,
} from './vault.ts'

/** Where the ring lies in the store of facts about this device. */
export const VAULT_META = 'vault'
/** This device is signed in but lacks the keys of its account, or the newest: nothing is sent or taken in then. */
export const NEEDS_KEY = 'needs_key'
/** While it is set, texts may still be sealed with an older key. */
export const RESEALING = 'resealing'

const KEY_BYTES = 32

export interface Ring {
  /** The version of the newest key, counted from 1. */
  version: number
  /** The newest first: versions `version`, `version - 1`, … */
  keys: readonly CryptoKey[]
  /** The server said that there is no newer key: an envelope that names one is damaged. */
  latest?: boolean
}

/** The envelope was sealed with a key that came after all that this device holds: it was changed elsewhere. */
export class NewerKey extends Unreadable {
  override name = 'NewerKey'
}

export const versionOf = (sealed: Sealed): number => sealed.k ?? 1

export const ringOf = (key: CryptoKey): Ring => ({ version: 1, keys: [key] })

/** The ring with one more key in front of it. */
export async function withNewKey({ version, keys }: Ring): Promise<Ring> {
  return { version: version + 1, keys: [await newVaultKey(), ...keys] }
}

/** What an earlier version of the app kept is a key by itself. */
const asRing = (kept: CryptoKey | Ring): Ring => ('keys' in kept ? kept : ringOf(kept))

/** This device's ring, made at the first need. Two tabs that ask at once get the same one. */
export async function vaultRing(): Promise<Ring> {
  const known = await getMeta<CryptoKey | Ring>(VAULT_META)
  if (known) return asRing(known)
  const fresh = ringOf(await newVaultKey())
  const tx = (await database()).transaction('meta', 'readwrite')
  const won = (await tx.store.get(VAULT_META)) as CryptoKey | Ring | undefined
  if (!won) await tx.store.put(fresh, VAULT_META)
  await tx.done
  return won ? asRing(won) : fresh
}

function keyFor({ version, keys, latest }: Ring, sealed: Sealed, place: string): CryptoKey {
  const wanted = versionOf(sealed)
  if (wanted > version && !latest) throw new NewerKey(`${place} needs key ${wanted}`)
  const key = keys[version - wanted]
  if (!key) throw new Unreadable(`${place} needs key ${wanted}`)
  return key
}

const marked = (sealed: Sealed, version: number): Sealed => (version > 1 ? { ...sealed, k: version } : sealed)

/** Seals a text with the newest key; raises TooLong past MOST_BYTES of UTF-8. */
export async function seal(
  ring: Ring,
  text: string,
  place: string,
  iv?: Uint8Array<ArrayBuffer>,
): Promise<Sealed> {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > MOST_BYTES) throw new TooLong(place)
  return marked(await sealBytes(newest(ring), bytes, place, iv), ring.version)
}

/** Opens a text; raises Unreadable, or NewerKey. */
export async function open(ring: Ring, sealed: Sealed, place: string): Promise<string> {
  return new TextDecoder().decode(await openBytes(keyFor(ring, sealed, place), sealed, place))
}

function newest({ keys }: Ring): CryptoKey {
  const [key] = keys
  if (!key) throw new Error('a ring holds at least one key')
  return key
}

/** All keys, sealed by a secret of their person. */
export async function wrapRing(
  wrapping: CryptoKey,
  ring: Ring,
  place: string,
  iv?: Uint8Array<ArrayBuffer>,
): Promise<Sealed> {
  const raw = await Promise.all(ring.keys.map(exportVaultKey))
  const bytes = new Uint8Array(raw.flatMap((key) => [...key]))
  return marked(await sealBytes(wrapping, bytes, place, iv), ring.version)
}

/** The keys out of their wrapping; raises Unreadable. */
export async function unwrapRing(wrapping: CryptoKey, wrapped: Sealed, place: string): Promise<Ring> {
  const bytes = await openBytes(wrapping, wrapped, place)
  const count = bytes.length / KEY_BYTES
  if (!Number.isInteger(count) || count < 1 || count > versionOf(wrapped)) throw new Unreadable(place)
  const raw = Array.from({ length: count }, (_, at) => bytes.slice(at * KEY_BYTES, (at + 1) * KEY_BYTES))
  return { version: versionOf(wrapped), keys: await Promise.all(raw.map(importVaultKey)) }
}

/** Whether a ring has the newest key of another: what that sealed last, this opens. */
export async function holds(ring: Ring, other: Ring): Promise<boolean> {
  const key = ring.keys[ring.version - other.version]
  return key !== undefined && (await sameKey(key, newest(other)))
}

const sameKey = async (one: CryptoKey, other: CryptoKey): Promise<boolean> =>
  toBase64Url(await exportVaultKey(one)) === toBase64Url(await exportVaultKey(other))
