import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkIn, letter, newDevice, read, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'
import type { PushRow } from '../../src/records/wire.ts'

let server: FakeServer
let phone: Device
let tablet: Device

beforeEach(async () => {
  server = new FakeServer()
  phone = await newDevice(server)
  tablet = await newDevice(server, phone)
})
afterEach(async () => {
  await phone.closeDatabase()
  await tablet.closeDatabase()
})

const waiting = (device: Device) => device.allRows('outbox')
const pushes = () => server.calls.filter(({ path }) => path.endsWith('/push'))

describe('a round of sync', () => {
  it('copies what was written here to the other device, sealed on its way', async () => {
    const entry = checkIn(phone, { mood: 2, note: 'Rain all day.' })
    const text = letter(phone, 'Dear you', { title: 'Never sent' })
    await phone.putRecords('checkins', [entry])
    await phone.putRecords('letters', [text])
    expect(await phone.syncOnce()).toEqual({ status: 'idle', retryAfter: null })
    expect(await tablet.syncOnce()).toEqual({ status: 'idle', retryAfter: null })
    expect(await read(tablet, 'checkins', entry.id)).toEqual(entry)
    expect(await read(tablet, 'letters', text.id)).toEqual(text)
    expect(JSON.stringify(server.calls)).not.toMatch(/Rain|Dear|Never/)
    expect(await waiting(phone)).toEqual([])
    expect(await phone.getMeta(phone.LAST_COPY)).toBeTypeOf('string')
  })

  it('asks the server once when nothing is new, and thrice for a check-in', async () => {
    await phone.syncOnce()
    await phone.putRecords('checkins', [checkIn(phone)])
    await phone.syncOnce()
    server.calls.length = 0
    await phone.syncOnce()
    expect(server.calls).toHaveLength(1)
    await phone.putRecords('checkins', [checkIn(phone)])
    server.calls.length = 0
    await phone.syncOnce()
    expect(server.calls.map(({ method, path }) => `${method} ${path.split('?')[0] ?? ''}`)).toEqual([
      'GET /sync/checkins/pull',
      'POST /sync/checkins/push',
      'GET /sync/checkins/pull',
    ])
    server.calls.length = 0
    await phone.syncOnce()
    expect(server.calls).toHaveLength(1)
  })

  it('brings what came from elsewhere in any collection, in the round that also brings a check-in', async () => {
    await phone.putRecords('checkins', [checkIn(phone)])
    await phone.syncOnce()
    await tablet.syncOnce()
    const [text, entry] = [letter(phone, 'Dear you'), checkIn(phone)]
    await phone.putRecords('letters', [text])
    await phone.putRecords('checkins', [entry])
    await phone.syncOnce()
    await tablet.syncOnce()
    expect(await read(tablet, 'letters', text.id)).toEqual(text)
    expect(await read(tablet, 'checkins', entry.id)).toEqual(entry)
  })

  it('does nothing without an account, and says so', async () => {
    const alone = await newDevice()
    await alone.putRecords('checkins', [checkIn(alone)])
    expect((await alone.syncOnce()).status).toBe('signed_out')
    expect(server.calls).toEqual([])
    await alone.closeDatabase()
  })

  it('keeps everything waiting while there is no network, and while signed out', async () => {
    await phone.putRecords('checkins', [checkIn(phone)])
    server.network = 'down'
    expect((await phone.syncOnce()).status).toBe('offline')
    server.network = 'up'
    server.signedIn = false
    expect((await phone.syncOnce()).status).toBe('signed_out')
    expect(await waiting(phone)).toHaveLength(1)
  })

  it('waits as long as a busy server asks', async () => {
    server.overrides.set('GET /sync/checkins/pull', () => [503, { code: 'unavailable' }])
    expect((await phone.syncOnce()).status).toBe('offline')
  })

  it('sends the very same document again when the answer was lost, and only once more', async () => {
    await phone.putRecords('checkins', [checkIn(phone, { note: 'once' })])
    server.overrides.set('GET /sync/checkins/pull', () => [200, { documents: [], checkpoint: { rev: 0 } }])
    const lose = vi.spyOn(server, 'fetch')
    server.overrides.set('POST /sync/checkins/push', (body) => {
      server.overrides.delete('POST /sync/checkins/push')
      server.overrides.delete('GET /sync/checkins/pull')
      server['push']('checkins', body as PushRow[])
      throw new TypeError('the answer was lost')
    })
    expect((await phone.syncOnce()).status).toBe('offline')
    expect(await waiting(phone)).toHaveLength(1)
    expect((await phone.syncOnce()).status).toBe('idle')
    lose.mockRestore()
    expect(server.live('checkins')).toHaveLength(1)
    expect(await waiting(phone)).toEqual([])
  })

  it('keeps an edit made while its record was on its way', async () => {
    const entry = checkIn(phone, { mood: 2 })
    await phone.putRecords('checkins', [entry])
    let edited: Promise<unknown> | undefined
    server.overrides.set('POST /sync/checkins/push', (body) => {
      server.overrides.delete('POST /sync/checkins/push')
      edited = phone.putRecords('checkins', [{ ...entry, mood: 5 }])
      return [200, server['push']('checkins', body as PushRow[])]
    })
    await phone.syncOnce()
    await edited
    await phone.syncOnce()
    expect(server.live('checkins')).toMatchObject([{ mood: 5 }])
    expect((await read(phone, 'checkins', entry.id))?.mood).toBe(5)
  })

  it('sends at most 200 records and under a mebibyte at a time', async () => {
    await phone.putRecords(
      'checkins',
      Array.from({ length: 450 }, () => checkIn(phone)),
    )
    await phone.putRecords(
      'letters',
      Array.from({ length: 40 }, () => letter(phone, 'x'.repeat(40_000))),
    )
    await phone.syncOnce()
    expect(server.live('checkins')).toHaveLength(450)
    expect(server.live('letters')).toHaveLength(40)
    for (const { body } of pushes()) {
      expect((body as unknown[]).length).toBeLessThanOrEqual(200)
      expect(JSON.stringify(body).length).toBeLessThan(1 << 20)
    }
  })

  it('takes in more than one page', async () => {
    await phone.putRecords(
      'checkins',
      Array.from({ length: 401 }, () => checkIn(phone, { note: 'n' })),
    )
    await phone.syncOnce()
    await tablet.syncOnce()
    expect(await tablet.allOf('checkins')).toHaveLength(401)
  })

  it('does not let one refused record hold up the others, and tries it again after the next change', async () => {
    const entries = Array.from({ length: 9 }, (_, index) => checkIn(phone, { mood: index === 4 ? 1 : 3 }))
    const refuse = (body: unknown): [number, unknown] => {
      const rows = body as PushRow[]
      if (rows.some((row) => row.newDocumentState['mood'] === 1)) return [422, { code: 'invalid' }]
      return [200, server['push']('checkins', rows)]
    }
    server.overrides.set('POST /sync/checkins/push', refuse)
    vi.spyOn(console, 'warn').mockReturnValue()
    await phone.putRecords('checkins', entries)
    await phone.syncOnce()
    expect(server.live('checkins')).toHaveLength(8)
    expect(await waiting(phone)).toMatchObject([{ id: entries[4]?.id, refused: 'invalid' }])
    expect(await phone.allOf('checkins')).toHaveLength(9)
    await phone.putRecords(
      'checkins',
      entries.slice(4, 5).map((entry) => ({ ...entry, mood: 2 })),
    )
    await phone.syncOnce()
    expect(server.live('checkins')).toHaveLength(9)
  })

  it('sends the small calls that waited, drops the late ones and those that are refused', async () => {
    server.overrides.set('POST /nudges/gone/outcome', () => [404, { code: 'not_found' }])
    await phone.queueCall('/nudges/one/outcome', { outcome: 'opened' })
    await phone.queueCall('/nudges/pause', { for: 'day' }, new Date(0))
    await phone.queueCall('/nudges/gone/outcome', { outcome: 'opened' })
    await phone.syncOnce()
    const sent = server.calls.map(({ path }) => path).filter((path) => path.startsWith('/nudges'))
    expect(sent).toEqual(['/nudges/one/outcome', '/nudges/gone/outcome'])
    expect(await (await phone.database()).count('calls')).toBe(0)
  })
})

describe('two devices that wrote about the same thing', () => {
  const both = async (text: string) => {
    const shared = letter(phone, text)
    await phone.putRecords('letters', [shared])
    await phone.syncOnce()
    await tablet.syncOnce()
    return shared
  }
  const settle = async () => {
    for (const device of [phone, tablet, phone, tablet]) await device.syncOnce()
  }

  it('keep the words of both', async () => {
    const shared = await both('start')
    await phone.putRecords('letters', [{ ...shared, text: 'start, from the phone' }])
    await tablet.putRecords('letters', [{ ...shared, text: 'start, from the tablet' }])
    await settle()
    const [here, there] = [await read(phone, 'letters', shared.id), await read(tablet, 'letters', shared.id)]
    expect(here).toEqual(there)
    expect(here?.text).toContain('from the phone')
    expect(here?.text).toContain('from the tablet')
  })

  it('keep an edit although the other one deleted', async () => {
    const shared = await both('start')
    await tablet.removeRecords('letters', [shared.id])
    await tablet.syncOnce()
    await phone.putRecords('letters', [{ ...shared, text: 'start, and more' }])
    await settle()
    expect((await read(phone, 'letters', shared.id))?.text).toBe('start, and more')
    expect((await read(tablet, 'letters', shared.id))?.text).toBe('start, and more')
  })

  it('keep an edit that came before the delete reached the server', async () => {
    const shared = await both('start')
    await phone.removeRecords('letters', [shared.id])
    await tablet.putRecords('letters', [{ ...shared, text: 'start, and more' }])
    await tablet.syncOnce()
    await settle()
    expect((await read(phone, 'letters', shared.id))?.text).toBe('start, and more')
    expect(server.live('letters')).toHaveLength(1)
  })

  it('both forget what one deleted and the other left alone', async () => {
    const shared = await both('start')
    await phone.removeRecords('letters', [shared.id])
    await settle()
    expect(await read(tablet, 'letters', shared.id)).toBeUndefined()
    expect(server.live('letters')).toEqual([])
    expect(await waiting(phone)).toEqual([])
  })

  it('agree on one journey though each began its own', async () => {
    const id = await phone.wellKnownId('journey', 'journey')
    const journey = phone.blank('journey', id)
    await phone.putRecords('journey', [{ ...journey, ended_on: '2026-11-01', slips: ['2026-11-03'] }])
    await tablet.putRecords('journey', [{ ...journey, region: 'IE', slips: ['2026-11-05'] }])
    await settle()
    const here = await read(phone, 'journey', id)
    expect(here).toEqual(await read(tablet, 'journey', id))
    expect(here).toMatchObject({ ended_on: '2026-11-01', region: 'IE' })
    expect(here?.slips.toSorted()).toEqual(['2026-11-03', '2026-11-05'])
  })
})

describe('a device that was away for longer than tombstones live', () => {
  it('forgets what was deleted, keeps what it wrote itself', async () => {
    const entries = [letter(phone, 'deleted'), letter(phone, 'edited here'), letter(phone, 'kept')]
    await phone.putRecords('letters', entries)
    await phone.syncOnce()
    await tablet.syncOnce()
    const [deleted, edited, kept] = entries as [(typeof entries)[0], (typeof entries)[0], (typeof entries)[0]]
    await phone.removeRecords('letters', [deleted.id, edited.id])
    await phone.putRecords('letters', [letter(phone, 'new')])
    await phone.syncOnce()
    server.collectTombstones('letters')
    await tablet.putRecords('letters', [{ ...edited, text: 'edited here, at last' }])
    expect((await tablet.syncOnce()).status).toBe('idle')
    await phone.syncOnce()
    const texts = async (device: Device) => (await device.allOf('letters')).map(({ text }) => text).toSorted()
    expect(await texts(tablet)).toEqual(['edited here, at last', 'kept', 'new'])
    expect(await texts(phone)).toEqual(await texts(tablet))
    expect(await read(tablet, 'letters', kept.id)).toEqual(kept)
  })
})

describe('words that cannot be opened', () => {
  it('stay sealed as they are, while the rest of the record can be changed', async () => {
    const entry = checkIn(phone, { mood: 2, note: 'sealed with another key' })
    await phone.putRecords('checkins', [entry])
    await phone.syncOnce()
    const stranger = await newDevice(server)
    await stranger.syncOnce()
    expect(await read(stranger, 'checkins', entry.id)).toEqual({ ...entry, note: null, unreadable: ['note'] })
    await stranger.putRecords('checkins', [{ ...entry, note: null, mood: 4 }])
    await stranger.syncOnce()
    await phone.syncOnce()
    expect(await read(phone, 'checkins', entry.id)).toEqual({ ...entry, mood: 4 })
    await stranger.closeDatabase()
  })
})

it('two tabs take turns', async () => {
  await phone.putRecords('checkins', [checkIn(phone)])
  const results = await Promise.all([phone.syncOnce(), phone.syncOnce(), tablet.syncOnce()])
  expect(results.map(({ status }) => status)).toEqual(['idle', 'idle', 'idle'])
  expect(pushes()).toHaveLength(1)
})
