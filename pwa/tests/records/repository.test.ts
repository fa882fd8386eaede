import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkIn, letter, newDevice, read, type Device } from '../support/device.ts'

let phone: Device

beforeEach(async () => {
  phone = await newDevice()
})
afterEach(() => phone.closeDatabase())

const outbox = async () => phone.allRows('outbox')

describe('a change', () => {
  it('is kept in the clear here, and waits sealed for the server', async () => {
    const entry = checkIn(phone, { mood: 2, feelings: ['lonely'], note: 'Their mug is still here.' })
    await phone.putRecords('checkins', [entry])
    expect(await read(phone, 'checkins', entry.id)).toEqual(entry)
    const [row] = await outbox()
    expect(row?.doc).toMatchObject({ id: entry.id, _deleted: false, mood: 2, feelings: ['lonely'] })
    expect(row?.doc).not.toHaveProperty('note')
    expect(JSON.stringify(row)).not.toContain('mug')
  })

  it('waits once, in its newest state, with unchanged words in the envelope they have', async () => {
    const entry = checkIn(phone, { note: 'same words' })
    await phone.putRecords('checkins', [entry])
    const [before] = await outbox()
    await phone.putRecords('checkins', [{ ...entry, mood: 5 }])
    const rows = await outbox()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.doc).toMatchObject({ mood: 5, sealed_note: before?.doc['sealed_note'] })
    expect(rows[0]?.stamp).not.toBe(before?.stamp)
  })

  it('seals changed words anew, and an emptied note as nothing', async () => {
    const entry = checkIn(phone, { note: 'one' })
    await phone.putRecords('checkins', [entry])
    const [before] = await outbox()
    await phone.putRecords('checkins', [{ ...entry, note: 'two' }])
    expect((await outbox())[0]?.doc['sealed_note']).not.toEqual(before?.doc['sealed_note'])
    await phone.putRecords('checkins', [{ ...entry, note: null }])
    expect((await outbox())[0]?.doc['sealed_note']).toBeNull()
  })

  it('that removes leaves a tombstone; saving again brings the record back', async () => {
    const entry = letter(phone, 'burn this')
    await phone.putRecords('letters', [entry])
    await phone.removeRecords('letters', [entry.id])
    expect(await read(phone, 'letters', entry.id)).toBeUndefined()
    expect((await outbox())[0]?.doc).toEqual({ id: entry.id, _deleted: true })
    await phone.putRecords('letters', [entry])
    expect((await outbox())[0]?.doc).toMatchObject({ _deleted: false })
  })

  it('made by two tabs at once takes effect twice', async () => {
    const id = await phone.wellKnownId('journey', 'journey')
    const add = (slip: string) =>
      phone.editRecord('journey', id, (now) => {
        const journey = now ?? phone.blank('journey', id)
        return { ...journey, slips: [...journey.slips, slip] }
      })
    await Promise.all([add('2026-11-01'), add('2026-11-02'), add('2026-11-03')])
    expect((await read(phone, 'journey', id))?.slips.toSorted()).toEqual([
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
    ])
  })
})

describe('a change that cannot be kept', () => {
  /** Lets the nth write of the next transaction fail; the ones before it go through. */
  const failAt = (nth: number, name: string) => {
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')
      ?.value as IDBObjectStore['put']
    let count = 0
    return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...args
    ) {
      if ((count += 1) === nth) throw new DOMException('no', name)
      return put.apply(this, args)
    })
  }

  it.each([1, 2, 3, 4])('changes nothing when write %i of four fails', async (nth) => {
    const entries = Array.from({ length: 60 }, () => checkIn(phone))
    await phone.vaultRing()
    const put = failAt(nth, 'UnknownError')
    await expect(phone.putRecords('checkins', entries)).rejects.toMatchObject({ trouble: 'unavailable' })
    put.mockRestore()
    expect(await phone.allOf('checkins')).toEqual([])
    expect(await outbox()).toEqual([])
  })

  it('says that the phone is full', async () => {
    await phone.vaultRing()
    failAt(2, 'QuotaExceededError')
    await expect(phone.putRecords('checkins', [checkIn(phone)])).rejects.toMatchObject({ trouble: 'full' })
  })

  it('says that the text is too long, and keeps the former one', async () => {
    const entry = letter(phone, 'short')
    await phone.putRecords('letters', [entry])
    const long = { ...entry, text: 'x'.repeat(60_000) }
    await expect(phone.putRecords('letters', [long])).rejects.toMatchObject({ trouble: 'too_long' })
    expect((await read(phone, 'letters', entry.id))?.text).toBe('short')
  })
})
