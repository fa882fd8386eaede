import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fromBase64Url, toBase64Url } from '../../src/lib/base64url.ts'
import { wellKnownId } from '../../src/lib/uuid.ts'
import type { Sealed } from '../../src/records/wire.ts'
import { NotACode, tidyCode } from '../../src/vault/crockford.ts'
import { sha256, wrappingKeyFrom } from '../../src/vault/derive.ts'
import { JOIN_PLACE, joinKeys, tokenOf } from '../../src/vault/join.ts'
import { derive, PASSPHRASE_PLACE, type Kdf } from '../../src/vault/passphrase.ts'
import { PASSKEY_PLACE } from '../../src/account/passkeys.ts'
import { bytesOfCode, unwrapWithCode, wrapWithCode } from '../../src/vault/recovery.ts'
import {
  holds,
  NewerKey,
  open,
  ringOf,
  seal,
  unwrapRing,
  vaultRing,
  withNewKey,
  wrapRing,
} from '../../src/vault/ring.ts'
import {
  exportVaultKey,
  importVaultKey,
  MOST_BYTES,
  newVaultKey,
  TooLong,
  Unreadable,
} from '../../src/vault/vault.ts'

interface RingVector {
  wrapping_key: string
  /** The newest first. */
  ring: string[]
  wrapped_key: Sealed
}

interface Vectors {
  sealed: { key: string; place: string; text: string; sealed: Sealed }[]
  recovery: { secret: string; code: string; vault_key: string; wrapped_key: Sealed }[]
  join: (RingVector & { code: string; token: string; token_hash: string })[]
  passphrase: (RingVector & { passphrase: string; kdf: Kdf; auth_key: string })[]
  passkey: (RingVector & { prf_salt: string; prf_first: string })[]
  well_known_ids: { collection: 'marks' | 'journey'; item: string; id: string }[]
}

// The same file is checked by the Python tests with another implementation.
const file = new URL('../../../tests/vectors/vault.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

describe('the vault', () => {
  it.each(vectors.sealed)('gives the known answer for $place', async ({ key, place, text, sealed }) => {
    const vault = ringOf(await importVaultKey(fromBase64Url(key)))
    expect(await seal(vault, text, place, fromBase64Url(sealed.iv))).toEqual(sealed)
    expect(await open(vault, sealed, place)).toBe(text)
  })

  it('never seals twice alike', async () => {
    const key = ringOf(await newVaultKey())
    const one = await seal(key, 'the same', 'letters/x/sealed_text')
    const other = await seal(key, 'the same', 'letters/x/sealed_text')
    expect(one.iv).not.toBe(other.iv)
    expect(one.ct).not.toBe(other.ct)
  })

  it('does not open a text that was moved, changed, of another version, or sealed with another key', async () => {
    const key = ringOf(await newVaultKey())
    const sealed = await seal(key, 'mine', 'letters/a/sealed_text')
    const ct = (sealed.ct.startsWith('A') ? 'B' : 'A') + sealed.ct.slice(1)
    await expect(open(key, sealed, 'letters/b/sealed_text')).rejects.toThrow(Unreadable)
    await expect(open(key, { ...sealed, ct }, 'letters/a/sealed_text')).rejects.toThrow(Unreadable)
    await expect(open(key, { ...sealed, ct: '%' }, 'letters/a/sealed_text')).rejects.toThrow(Unreadable)
    await expect(open(key, { ...sealed, v: 2 }, 'letters/a/sealed_text')).rejects.toThrow(Unreadable)
    await expect(open(ringOf(await newVaultKey()), sealed, 'letters/a/sealed_text')).rejects.toThrow(
      Unreadable,
    )
  })

  it('seals as much as the server takes, and refuses more', async () => {
    const key = ringOf(await newVaultKey())
    const { ct } = await seal(key, 'x'.repeat(MOST_BYTES), 'letters/a/sealed_text')
    expect(ct.length).toBeLessThanOrEqual(64 * 1024)
    await expect(seal(key, 'é'.repeat(MOST_BYTES / 2 + 1), 'letters/a/sealed_text')).rejects.toThrow(TooLong)
  })

  it('gives two tabs that ask at once the same key', async () => {
    const [one, other] = await Promise.all([vaultRing(), vaultRing()])
    expect(await holds(one, other)).toBe(true)
    expect(await holds(one, ringOf(await newVaultKey()))).toBe(false)
  })
})

/** The keys that come out of a wrapping, as the vectors have them. */
async function keysOf(wrapping: CryptoKey, wrapped: Sealed, place: string): Promise<string[]> {
  const { keys } = await unwrapRing(wrapping, wrapped, place)
  return Promise.all(keys.map(async (key) => toBase64Url(await exportVaultKey(key))))
}

describe('what wraps the keys gives the known answer', () => {
  it.each(vectors.join)('for the join code $code', async ({ code, token, token_hash, ring, wrapped_key }) => {
    const derived = await joinKeys(code.toLowerCase())
    expect(tokenOf(derived)).toBe(token)
    expect(toBase64Url(await sha256(derived.token))).toBe(token_hash)
    expect(await keysOf(derived.wrapping, wrapped_key, JOIN_PLACE)).toEqual(ring)
  })

  it.each(vectors.passphrase)(
    'for a passphrase',
    async ({ passphrase, kdf, auth_key, ring, wrapped_key }) => {
      const derived = await derive(passphrase, kdf)
      expect(derived.authKey).toBe(auth_key)
      expect(await keysOf(derived.wrapping, wrapped_key, PASSPHRASE_PLACE)).toEqual(ring)
    },
  )

  it.each(vectors.passkey)('for a passkey', async ({ prf_salt, prf_first, ring, wrapped_key }) => {
    const label = 'heartwood/passkey/wrap'
    expect(toBase64Url(await sha256(new TextEncoder().encode(label)))).toBe(prf_salt)
    const wrapping = await wrappingKeyFrom(fromBase64Url(prf_first), label)
    expect(await keysOf(wrapping, wrapped_key, PASSKEY_PLACE)).toEqual(ring)
  })

  it.each([...vectors.join, ...vectors.passphrase, ...vectors.passkey])(
    'and wraps them the same way again',
    async ({ wrapping_key, wrapped_key, ring }) => {
      const keys = await Promise.all(ring.map((key) => importVaultKey(fromBase64Url(key))))
      const wrapping = await importVaultKey(fromBase64Url(wrapping_key))
      const { ct, k } = await wrapRing(
        wrapping,
        { version: ring.length, keys },
        'x',
        fromBase64Url(wrapped_key.iv),
      )
      expect(k).toBe(wrapped_key.k)
      // The place is bound by the tag, the last 16 bytes.
      const body = (text: string) => fromBase64Url(text).slice(0, -16)
      expect(body(ct)).toEqual(body(wrapped_key.ct))
    },
  )
})

describe('the ring of keys', () => {
  it('opens with each key what that key sealed, and seals with the newest', async () => {
    const first = ringOf(await newVaultKey())
    const second = await withNewKey(first)
    const old = await seal(first, 'before', 'letters/a/sealed_text')
    const fresh = await seal(second, 'after', 'letters/a/sealed_text')
    expect(old.k).toBeUndefined()
    expect(fresh.k).toBe(2)
    expect(await open(second, old, 'letters/a/sealed_text')).toBe('before')
    expect(await open(second, fresh, 'letters/a/sealed_text')).toBe('after')
    await expect(open(first, fresh, 'letters/a/sealed_text')).rejects.toThrow(NewerKey)
    await expect(open({ ...first, latest: true }, fresh, 'letters/a/sealed_text')).rejects.not.toThrow(
      NewerKey,
    )
  })

  it('comes whole out of its wrapping, and knows its versions', async () => {
    const ring = await withNewKey(await withNewKey(ringOf(await newVaultKey())))
    const wrapping = await newVaultKey()
    const wrapped = await wrapRing(wrapping, ring, 'account/wrapped_keys/join')
    const back = await unwrapRing(wrapping, wrapped, 'account/wrapped_keys/join')
    expect(wrapped.k).toBe(3)
    expect([back.version, back.keys.length]).toEqual([3, 3])
    expect(await holds(back, ring)).toBe(true)
    await expect(unwrapRing(wrapping, { ...wrapped, k: 2 }, 'account/wrapped_keys/join')).rejects.toThrow(
      Unreadable,
    )
    await expect(unwrapRing(wrapping, wrapped, 'account/wrapped_keys/passkey')).rejects.toThrow(Unreadable)
  })

  it('that lost its oldest keys leaves what they sealed closed', async () => {
    const first = ringOf(await newVaultKey())
    const old = await seal(first, 'before', 'letters/a/sealed_text')
    const afresh = { version: 2, keys: [await newVaultKey()] }
    await expect(open(afresh, old, 'letters/a/sealed_text')).rejects.toThrow(Unreadable)
  })
})

describe('the recovery code', () => {
  it.each(vectors.recovery)('gives the known answer for $code', async (vector) => {
    const { code, secret, vault_key, wrapped_key } = vector
    expect(toBase64Url(await bytesOfCode(code))).toBe(secret)
    const [key] = (await unwrapWithCode(wrapped_key, code)).keys
    expect(key && toBase64Url(await exportVaultKey(key))).toBe(vault_key)
    const ring = ringOf(await importVaultKey(fromBase64Url(vault_key)))
    expect(await wrapWithCode(ring, code, fromBase64Url(wrapped_key.iv))).toEqual(wrapped_key)
  })

  it('is read however it is typed', async () => {
    const code = vectors.recovery[2]?.code ?? ''
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `
    expect(tidyCode(typed)).toBe(code)
    expect(await bytesOfCode(typed)).toEqual(await bytesOfCode(code))
  })

  it('is refused on the device when it is mistyped', async () => {
    const code = vectors.recovery[2]?.code ?? ''
    const slipped = (code.startsWith('7') ? '8' : '7') + code.slice(1)
    await expect(bytesOfCode(slipped)).rejects.toThrow(NotACode)
    await expect(bytesOfCode(code.slice(1))).rejects.toThrow(NotACode)
    await expect(bytesOfCode(code.slice(1) + 'U')).rejects.toThrow(NotACode)
  })

  it('does not open what another code wrapped', async () => {
    const [one, other] = vectors.recovery
    await expect(unwrapWithCode(one?.wrapped_key as Sealed, other?.code ?? '')).rejects.toThrow(Unreadable)
  })
})

it.each(vectors.well_known_ids)('every device knows the id of $collection $item', async (vector) => {
  expect(await wellKnownId(vector.collection, vector.item)).toBe(vector.id)
})
