import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Sealed } from '../../src/records/wire.ts'
import { AccountServer } from '../support/account-server.ts'
import { checkIn, letter, newDevice, read, type Device } from '../support/device.ts'
import { waysOf, type Ways } from '../support/ways.ts'

const file = new URL('../../../tests/vectors/vault.json', import.meta.url)
const { recovery } = JSON.parse(readFileSync(file, 'utf8')) as { recovery: { code: string }[] }
const CODES = recovery.map(({ code }) => code)
const [FIRST = '', SECOND = ''] = CODES
const PASSPHRASE = 'kettle sleeve harbour moth'

type Person = Device & Ways
let server: AccountServer
let phone: Person

async function device(): Promise<Person> {
  const fresh = await newDevice(server)
  await fresh.dropMeta('account')
  return { ...fresh, ...(await waysOf()) }
}

beforeEach(async () => {
  // A sync that found no network tries again later: not in the next test.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  server = new AccountServer(CODES)
  phone = await device()
  await phone.createAccount()
})

afterEach(() => vi.useRealTimers())

const versions = (): Set<number> =>
  new Set(server.live('letters').map((doc) => (doc['sealed_text'] as Sealed).k ?? 1))

async function written(person: Person, text: string) {
  const page = letter(person, text)
  await person.putRecords('letters', [page])
  await person.syncOnce()
  return page
}

describe('signing in', () => {
  it('with a name and passphrase brings the words, and sends neither passphrase nor wrapping key', async () => {
    const page = await written(phone, 'from the phone')
    await phone.setPassphrase('heron', PASSPHRASE)
    const tablet = await device()
    expect((await tablet.signInWithPassphrase('heron', PASSPHRASE)).words).toBe(true)
    await tablet.syncOnce()
    expect(await read(tablet, 'letters', page.id)).toEqual(page)
    expect(JSON.stringify(server.calls)).not.toContain('kettle')
  })

  it('understands a passphrase in another spelling of the same letters', async () => {
    await phone.setPassphrase('heron', 'un café très allongé')
    const tablet = await device()
    const spelt = 'un café très allongé'.normalize('NFD')
    expect((await tablet.signInWithPassphrase('heron', spelt)).words).toBe(true)
  })

  it('with the wrong passphrase changes nothing here', async () => {
    await phone.setPassphrase('heron', PASSPHRASE)
    const tablet = await device()
    await expect(tablet.signInWithPassphrase('heron', 'not that one at all')).rejects.toMatchObject({
      status: 401,
    })
    expect(await tablet.currentAccount()).toBeUndefined()
  })

  it('with a code from the other device brings the words, and never tells the server the code', async () => {
    const page = await written(phone, 'from the phone')
    const { code } = await phone.startJoin()
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    const tablet = await device()
    await tablet.signInWithJoinCode(code.toLowerCase())
    await tablet.syncOnce()
    expect(await read(tablet, 'letters', page.id)).toEqual(page)
    expect(JSON.stringify(server.calls).replaceAll('-', '')).not.toContain(code.replaceAll('-', ''))
    await expect(tablet.signInWithJoinCode(code)).rejects.toMatchObject({ status: 401 })
  })

  it('repeats itself after a lost answer, so that the recovery code is not used up', async () => {
    const tablet = await device()
    server.network = 'answer_lost'
    await expect(tablet.signInWithRecoveryCode(FIRST)).rejects.toMatchObject({ name: 'Offline' })
    server.network = 'up'
    await tablet.signInWithRecoveryCode(FIRST)
    expect(await tablet.recoveryCode()).toBe(SECOND)
  })

  it('with keys that do not open is signing in all the same; the words wait and nothing is sent', async () => {
    await written(phone, 'from the phone')
    await phone.setPassphrase('heron', PASSPHRASE)
    server.wrapped.passphrase = null
    const tablet = await device()
    await tablet.putRecords('checkins', [checkIn(tablet, { note: 'mine' })])
    expect((await tablet.signInWithPassphrase('heron', PASSPHRASE)).words).toBe(false)
    expect((await tablet.syncOnce()).status).toBe('needs_key')
    expect(server.live('checkins')).toEqual([])
    await tablet.signInWithRecoveryCode(FIRST)
    expect((await tablet.syncOnce()).status).toBe('idle')
    expect(server.live('checkins')).toHaveLength(1)
    await phone.syncOnce()
    expect(await phone.allOf('checkins')).toMatchObject([{ note: 'mine' }])
  })

  it('again, on a device that has the keys, keeps its place and sends nothing twice', async () => {
    await written(phone, 'from the phone')
    await phone.setPassphrase('heron', PASSPHRASE)
    const before = server.rev
    await phone.signInWithPassphrase('heron', PASSPHRASE)
    await phone.syncOnce()
    expect(server.rev).toBe(before)
  })
})

describe('who the person is', () => {
  it('is proven by the recovery code, which stays good', async () => {
    const { provenByCode } = await import('../../src/account/proof.ts')
    expect(await provenByCode(FIRST)).toBe(true)
    expect(await provenByCode(SECOND)).toBe(false)
    await expect(provenByCode('0000')).rejects.toMatchObject({ name: 'NotACode' })
    expect(await phone.recoveryCode()).toBe(FIRST)
  })

  it('is proven by the code without a connection too', async () => {
    const { provenByCode } = await import('../../src/account/proof.ts')
    server.network = 'down'
    expect(await provenByCode(FIRST)).toBe(true)
  })

  it('is proven by the passphrase, and by no other', async () => {
    const { provenByPassphrase } = await import('../../src/account/proof.ts')
    expect(await provenByPassphrase(PASSPHRASE)).toBe(false)
    await phone.setPassphrase('heron', PASSPHRASE)
    expect(await provenByPassphrase(PASSPHRASE)).toBe(true)
    expect(await provenByPassphrase('not that one at all')).toBe(false)
    server.network = 'down'
    await expect(provenByPassphrase(PASSPHRASE)).rejects.toMatchObject({ name: 'Offline' })
  })

  it('is not proven by what opens the keys of somebody else', async () => {
    const { provenByCode } = await import('../../src/account/proof.ts')
    await phone.setMeta(phone.VAULT_META, phone.ringOf(await phone.newVaultKey()))
    expect(await provenByCode(FIRST)).toBe(false)
  })
})

describe('a new key', () => {
  it('seals everything anew and opens what was sealed before', async () => {
    const pages = [await written(phone, 'one'), await written(phone, 'two')]
    const steps: string[] = []
    await phone.changeKey(null, (step) => steps.push(step))
    await phone.syncOnce()
    expect(versions()).toEqual(new Set([2]))
    expect(new Set(steps)).toEqual(new Set(['copying', 'key', 'sealing', 'sending']))
    expect(await phone.recoveryCode()).toBe(SECOND)
    const tablet = await device()
    await tablet.signInWithRecoveryCode(SECOND)
    await tablet.syncOnce()
    for (const page of pages) expect(await read(tablet, 'letters', page.id)).toEqual(page)
  })

  it('is not made while something is not copied', async () => {
    await phone.putRecords('letters', [letter(phone, 'not yet copied')])
    server.network = 'down'
    await expect(phone.changeKey(null)).rejects.toMatchObject({ name: 'NotCopied' })
    expect(server.account['key_version']).toBe(1)
  })

  it.each(['POST /accounts/me/recovery', 'PUT /accounts/me/keys'])(
    'goes on after the answer to %s was lost',
    async (call) => {
      const page = await written(phone, 'mine')
      const answer = server.overrides.get(call)
      server.overrides.set(call, (body) => {
        server.network = 'answer_lost'
        return answer?.(body) ?? [500]
      })
      await expect(phone.changeKey(null)).rejects.toMatchObject({ name: 'Offline' })
      if (answer) server.overrides.set(call, answer)
      server.network = 'up'
      expect(await phone.isUnfinished()).toBe(true)
      await phone.changeKey(null)
      await phone.syncOnce()
      expect([await phone.isUnfinished(), server.account['key_version']]).toEqual([false, 2])
      expect(versions()).toEqual(new Set([2]))
      expect(await read(phone, 'letters', page.id)).toEqual(page)
    },
  )

  it('goes on sealing when the app was closed in the middle of it', async () => {
    const page = await written(phone, 'mine')
    const closing = (step: string) => {
      if (step === 'sealing') throw new Error('the app was closed')
    }
    await expect(phone.changeKey(null, closing)).rejects.toThrow('the app was closed')
    expect([await phone.isUnfinished(), versions()]).toEqual([true, new Set([1])])
    await phone.reseal()
    await phone.syncOnce()
    expect([await phone.isUnfinished(), versions()]).toEqual([false, new Set([2])])
    expect(await read(phone, 'letters', page.id)).toEqual(page)
  })

  it('made elsewhere at the same time gives this one up', async () => {
    await written(phone, 'mine')
    server.overrides.set('PUT /accounts/me/keys', () => [409, { code: 'conflict' }])
    await expect(phone.changeKey(null)).rejects.toMatchObject({ name: 'ChangedElsewhere' })
    expect(await phone.isUnfinished()).toBe(false)
    expect((await phone.vaultRing()).version).toBe(1)
  })

  it('keeps what another device wrote meanwhile, sealed with the newest key', async () => {
    await phone.setPassphrase('heron', PASSPHRASE)
    const tablet = await device()
    await tablet.signInWithPassphrase('heron', PASSPHRASE)
    await tablet.syncOnce()
    const late = letter(tablet, 'written signed out')
    await tablet.putRecords('letters', [late])
    await phone.changeKey(PASSPHRASE)
    expect((await tablet.signInWithPassphrase('heron', PASSPHRASE)).words).toBe(true)
    await tablet.syncOnce()
    expect(versions()).toEqual(new Set([2]))
    await phone.syncOnce()
    expect(await read(phone, 'letters', late.id)).toEqual(late)
  })

  it('is wrapped by the passphrase only if that is the right one', async () => {
    await phone.setPassphrase('heron', PASSPHRASE)
    await expect(phone.changeKey('not that one at all')).rejects.toMatchObject({ name: 'WrongPassphrase' })
    expect([await phone.isUnfinished(), server.account['key_version']]).toEqual([false, 1])
  })
})
