import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkIn, letter, newDevice, type Device } from '../support/device.ts'

let phone: Device
let store: typeof import('../../src/records/store.svelte.ts')

beforeEach(async () => {
  phone = await newDevice()
  store = await import('../../src/records/store.svelte.ts')
})
afterEach(() => phone.closeDatabase())

describe('what the screens see', () => {
  it('is what is on this phone, oldest first', async () => {
    const [later, earlier] = [checkIn(phone), checkIn(phone, { felt_at: '2026-11-01T08:00:00.000Z' })]
    await phone.putRecords('checkins', [later, earlier])
    expect(store.records.ready).toBe(false)
    await store.startRecords()
    expect(store.records.ready).toBe(true)
    expect(store.records.checkIns).toEqual([earlier, later])
  })

  it('follows what is saved, and is durable when saving resolves', async () => {
    await store.startRecords()
    const entry = store.newCheckIn(4)
    await store.saveCheckIn(entry)
    expect(store.records.checkIns).toEqual([entry])
    expect(await phone.allOf('checkins')).toEqual([entry])
    await store.remove('checkins', entry.id)
    expect(store.records.checkIns).toEqual([])
  })

  it('has one mark for each item and one journey', async () => {
    await store.startRecords()
    await store.saveMark('readings/boundaries', { progress: 0.5 })
    await store.saveMark('readings/boundaries', { saved: true })
    await store.saveJourney({ ended_on: '2026-11-01' })
    await store.saveJourney({ region: 'IE' })
    expect(store.records.marks.get('readings/boundaries')).toMatchObject({ progress: 0.5, saved: true })
    expect(store.records.journey).toMatchObject({ ended_on: '2026-11-01', region: 'IE' })
    expect(await phone.allOf('marks')).toHaveLength(1)
  })

  it('follows another tab and the service worker', async () => {
    await store.startRecords()
    vi.resetModules()
    const worker = await import('../../src/records/repository.ts')
    const entry = checkIn(phone, { mood: 2 })
    await worker.putRecords('checkins', [entry])
    await vi.waitFor(() => expect(store.records.checkIns).toEqual([entry]))
  })

  it('says so where this phone keeps nothing', async () => {
    await phone.closeDatabase()
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('not here', 'InvalidStateError')
    })
    await store.startRecords()
    expect(store.records).toMatchObject({ ready: true, unavailable: true })
    await expect(store.saveCheckIn(store.newCheckIn(3))).rejects.toMatchObject({ trouble: 'unavailable' })
    expect(store.records.checkIns).toEqual([])
  })
})

describe('several new pages', () => {
  it('are all kept, or none, so that a second try keeps none of them twice', async () => {
    await store.startRecords()
    const pages = ['one', 'two'].map((text) => letter(phone, text))
    await expect(store.addLetters([...pages, letter(phone, 'x'.repeat(60_000))])).rejects.toMatchObject({
      trouble: 'too_long',
    })
    expect(await phone.allOf('letters')).toEqual([])
    await store.addLetters(pages)
    expect(store.records.letters).toEqual(pages)
    expect(await phone.allOf('letters')).toHaveLength(2)
  })
})

describe('an edit that began before another device changed the record', () => {
  it('keeps what came in meanwhile, and its own words', async () => {
    await store.startRecords()
    const from = letter(phone, 'start')
    await store.saveLetter(from)
    await store.saveLetter({ ...from, text: 'start, from elsewhere', title: 'Given elsewhere' })
    await store.saveLetter({ ...from, text: 'start, from here' }, from)
    const [saved] = store.records.letters
    expect(saved?.title).toBe('Given elsewhere')
    expect(saved?.text).toContain('from here')
    expect(saved?.text).toContain('from elsewhere')
  })
})
