// Texts that do not open: moved, damaged, or sealed with a key that this phone lacks. They are marked, what is here stays
// to be read, and sync never writes over an envelope that nobody has answered in words.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MasterDoc, Sealed } from '../../src/records/wire.ts'
import { checkIn, letter, newDevice, read, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'

let server: FakeServer
let phone: Device
let tablet: Device

beforeEach(async () => {
  server = new FakeServer()
  phone = await newDevice(server)
  tablet = await newDevice(server, phone)
})
afterEach(() => Promise.all([phone.closeDatabase(), tablet.closeDatabase()]))

const sealedOf = (id: string): Sealed =>
  server.live('letters').find((doc) => doc.id === id)?.['sealed_text'] as Sealed

/** Somebody with the database puts another text in the place of this one. */
function replace(id: string, sealed_text: Sealed): void {
  const doc = server.live('letters').find((known) => known.id === id) as MasterDoc
  server.rev += 1
  Object.assign(doc, { sealed_text, rev: server.rev })
}

async function twoLetters() {
  const [one, other] = [letter(phone, 'the first'), letter(phone, 'the second')]
  await phone.putRecords('letters', [one, other])
  await phone.syncOnce()
  return [one, other] as const
}

describe('a text that was moved to another record', () => {
  it('is marked where it never could be read, and the rest is there', async () => {
    const [one, other] = await twoLetters()
    replace(one.id, sealedOf(other.id))
    expect((await tablet.syncOnce()).status).toBe('idle')
    expect(await read(tablet, 'letters', one.id)).toEqual({ ...one, text: '', unreadable: ['text'] })
    expect(await read(tablet, 'letters', other.id)).toEqual(other)
  })

  it('leaves on the phone what the phone has, and is not written over', async () => {
    const [one, other] = await twoLetters()
    const foreign = sealedOf(other.id)
    replace(one.id, foreign)
    await phone.syncOnce()
    expect(await read(phone, 'letters', one.id)).toEqual({ ...one, unreadable: ['text'] })
    await phone.putRecords('letters', [{ ...one, opens_on: '2027-01-01' }])
    await phone.syncOnce()
    expect(sealedOf(one.id)).toEqual(foreign)
    expect(await read(phone, 'letters', one.id)).toMatchObject({ text: 'the first', opens_on: '2027-01-01' })
  })

  it('gives way to words written anew, whichever came first', async () => {
    const [one, other] = await twoLetters()
    await tablet.syncOnce()
    replace(one.id, sealedOf(other.id))
    // Written before the phone learns of it, and merged.
    await phone.putRecords('letters', [{ ...one, text: 'written anew' }])
    await phone.syncOnce()
    await tablet.syncOnce()
    expect(await read(tablet, 'letters', one.id)).toEqual({ ...one, text: 'written anew' })
    expect(await read(phone, 'letters', one.id)).toEqual({ ...one, text: 'written anew' })
  })
})

describe('a text sealed with a newer key', () => {
  const NEWER: Sealed = { v: 1, iv: 'AAAAAAAAAAAAAAAA', ct: 'AAAAAAAAAAAAAAAAAAAAAAAA', k: 2 }

  it('stops the sync before anything is taken in, where the key was changed elsewhere', async () => {
    const [one] = await twoLetters()
    await tablet.syncOnce()
    replace(one.id, NEWER)
    server.account['key_version'] = 2
    expect((await tablet.syncOnce()).status).toBe('needs_key')
    expect(await read(tablet, 'letters', one.id)).toEqual(one)
    await tablet.putRecords('checkins', [checkIn(tablet)])
    const before = server.calls.length
    expect((await tablet.syncOnce()).status).toBe('needs_key')
    expect(server.calls).toHaveLength(before)
  })

  it('is only damaged where there is no such key, and holds nothing up', async () => {
    const [one, other] = await twoLetters()
    await tablet.syncOnce()
    replace(one.id, NEWER)
    await phone.putRecords('letters', [{ ...other, text: 'went on' }])
    await phone.syncOnce()
    expect((await tablet.syncOnce()).status).toBe('idle')
    expect(await read(tablet, 'letters', one.id)).toEqual({ ...one, unreadable: ['text'] })
    expect(await read(tablet, 'letters', other.id)).toMatchObject({ text: 'went on' })
  })
})

it('names that are no names inside their envelope are marked too, and never a crash', async () => {
  const id = await phone.wellKnownId('journey', 'journey')
  const sealed_words = await phone.seal(await phone.vaultRing(), 'not JSON', `journey/${id}/sealed_words`)
  await phone.putRecords('journey', [{ ...phone.blank('journey', id), ended_on: '2026-11-01' }])
  await phone.syncOnce()
  const doc = server.live('journey')[0] as MasterDoc
  server.rev += 1
  Object.assign(doc, { sealed_words, rev: server.rev })
  expect((await tablet.syncOnce()).status).toBe('idle')
  expect(await read(tablet, 'journey', id)).toMatchObject({ ended_on: '2026-11-01', unreadable: ['words'] })
})
