import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkIn, letter, newDevice, read, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'
import { waysOf } from '../support/ways.ts'

const file = new URL('../../../tests/vectors/vault.json', import.meta.url)
const { recovery } = JSON.parse(readFileSync(file, 'utf8')) as { recovery: { code: string }[] }
const CODES = recovery.map(({ code }) => code)

let server: FakeServer
let phone: Device

beforeEach(async () => {
  server = new FakeServer()
  server.codes = [...CODES]
  phone = await newDevice(server)
  await phone.dropMeta('account')
})
afterEach(() => phone.closeDatabase())

const requests = () => server.calls.map(({ method, path }) => `${method} ${path}`)

describe('making the account', () => {
  it('leaves the vault key with the server only as the recovery code wraps it', async () => {
    await phone.createAccount()
    expect(requests()).toEqual(['POST /accounts', 'PUT /accounts/me/recovery'])
    expect(await phone.recoveryCode()).toBe(CODES[0])
    expect((await phone.currentAccount())?.id).toBe('account')
    expect(JSON.stringify(server.calls)).not.toContain(CODES[0])
  })

  it('happens once, though two screens ask at once', async () => {
    await Promise.all([phone.createAccount(), phone.createAccount()])
    expect(requests().filter((request) => request === 'POST /accounts')).toHaveLength(1)
  })

  it('goes on where it was cut off', async () => {
    server.overrides.set('PUT /accounts/me/recovery', () => [503, { code: 'unavailable' }])
    await expect(phone.createAccount()).rejects.toMatchObject({ status: 503 })
    server.overrides.clear()
    await phone.createAccount()
    expect(requests().at(-1)).toBe('PUT /accounts/me/recovery')
    expect(requests().filter((request) => request === 'POST /accounts')).toHaveLength(1)
  })

  it('asks for the code where the browser was joined before and forgot its key', async () => {
    server.account['wrapped_keys'] = { recovery: { v: 1, iv: 'x', ct: 'y' } }
    server.codes = []
    await expect(phone.createAccount()).rejects.toMatchObject({ name: 'JoinedBefore' })
    expect(await phone.currentAccount()).toBeUndefined()
  })
})

describe('a second device', () => {
  it('joins with the recovery code, and nothing that either wrote is lost', async () => {
    await phone.createAccount()
    const here = letter(phone, 'written on the phone')
    await phone.putRecords('letters', [here])
    await phone.syncOnce()

    const tablet = await newDevice(server)
    await tablet.dropMeta('account')
    const there = checkIn(tablet, { note: 'written on the tablet before joining' })
    await tablet.putRecords('checkins', [there])
    await (await waysOf()).signInWithRecoveryCode((CODES[0] ?? '').toLowerCase())
    expect(await tablet.recoveryCode()).toBe(CODES[1])
    await tablet.syncOnce()
    await phone.syncOnce()
    expect(await read(tablet, 'letters', here.id)).toEqual(here)
    expect(await read(phone, 'checkins', there.id)).toEqual(there)
    await tablet.closeDatabase()
  })

  it('is told of a mistyped code before the code is sent', async () => {
    const { signInWithRecoveryCode } = await waysOf()
    await expect(signInWithRecoveryCode('0000-0000')).rejects.toMatchObject({ name: 'NotACode' })
    expect(server.calls).toEqual([])
  })

  it('merges two journeys that began apart', async () => {
    await phone.createAccount()
    const id = await phone.wellKnownId('journey', 'journey')
    const journey = phone.blank('journey', id)
    await phone.putRecords('journey', [{ ...journey, ended_on: '2026-11-01' }])
    await phone.syncOnce()
    const tablet = await newDevice(server)
    await tablet.dropMeta('account')
    const words = { ...journey.words, people: [{ id: 'p1', name: 'Sam', phone: '123' }] }
    await tablet.putRecords('journey', [{ ...journey, words }])
    await (await waysOf()).signInWithRecoveryCode(CODES[0] ?? '')
    await tablet.syncOnce()
    expect(await read(tablet, 'journey', id)).toMatchObject({ ended_on: '2026-11-01', words })
    await tablet.closeDatabase()
  })
})

describe('leaving', () => {
  it('signs out and leaves nothing on this phone', async () => {
    await phone.createAccount()
    await phone.putRecords('letters', [letter(phone, 'mine')])
    await phone.signOut()
    expect(requests()).toContain('DELETE /sessions/current')
    const db = await phone.database()
    for (const store of db.objectStoreNames) expect(await db.count(store)).toBe(0)
  })

  it('deletes the account before this phone forgets it; offline nothing is forgotten', async () => {
    await phone.createAccount()
    await phone.putRecords('letters', [letter(phone, 'mine')])
    server.network = 'down'
    await expect(phone.deleteEverything()).rejects.toMatchObject({ name: 'Offline' })
    expect(await phone.allOf('letters')).toHaveLength(1)
    server.network = 'up'
    await phone.deleteEverything()
    expect(requests()).toContain('DELETE /accounts/me')
    expect(await phone.allOf('letters')).toEqual([])
  })
})
