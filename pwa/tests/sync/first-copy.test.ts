import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkIn, newDevice, read, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'

const MANY = 450
const PAGES = [200, 200, 50]

let server: FakeServer
let phone: Device
let tablet: Device

beforeEach(async () => {
  server = new FakeServer()
  phone = await newDevice(server)
  const entries = Array.from({ length: MANY }, (_, number) => checkIn(phone, { note: `entry ${number}` }))
  await phone.putRecords('checkins', entries)
  await phone.syncOnce()
  tablet = await newDevice(server, phone)
})
afterEach(async () => {
  await phone.closeDatabase()
  await tablet.closeDatabase()
})

const pulls = () => server.calls.filter(({ path }) => path.startsWith('/sync/checkins/pull'))

describe('a first copy of many records', () => {
  it('comes in pages, each asked for once, and holds every word', async () => {
    server.calls.length = 0
    expect((await tablet.syncOnce()).status).toBe('idle')
    expect(pulls()).toHaveLength(PAGES.length)
    const notes = new Set((await tablet.allOf('checkins')).map(({ note }) => note))
    expect(notes.size).toBe(MANY)
  })

  it('goes on from the last page that was kept when the network ends in between', async () => {
    let asked = 0
    const gone = new TypeError('no network')
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
      if (input.includes('/sync/checkins/pull') && (asked += 1) === PAGES.length) return Promise.reject(gone)
      return server.fetch(input, init)
    })
    expect((await tablet.syncOnce()).status).toBe('offline')
    expect(await tablet.allOf('checkins')).toHaveLength(400)
    vi.stubGlobal('fetch', server.fetch)
    server.calls.length = 0
    expect((await tablet.syncOnce()).status).toBe('idle')
    expect(pulls()).toHaveLength(1)
    expect(await tablet.allOf('checkins')).toHaveLength(MANY)
  })

  it('merges what is changed here while it is under way', async () => {
    const [theirs] = server.live('checkins')
    const id = String(theirs?.['id'])
    let written: Promise<unknown> | undefined
    vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
      const answer = await server.fetch(input, init)
      // Before any of it is kept here, this device writes a record of the same id (an import does that).
      if (input.includes('/sync/checkins/pull')) {
        written ??= tablet.putRecords('checkins', [{ ...checkIn(tablet, { note: 'mine' }), id }])
        await written
      }
      return answer
    })
    expect((await tablet.syncOnce()).status).toBe('idle')
    vi.stubGlobal('fetch', server.fetch)
    const merged = await read(tablet, 'checkins', id)
    expect(merged?.note).toContain('mine')
    expect(merged?.note).toMatch(/entry \d+/)
    await phone.syncOnce()
    expect(await read(phone, 'checkins', id)).toEqual(merged)
  })
})
