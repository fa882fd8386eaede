import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkIn, letter, newDevice, read, type Device } from '../../support/device.ts'

let phone: Device
let transfer: typeof import('../../../src/records/transfer/index.ts')

async function open() {
  phone = await newDevice()
  transfer = await import('../../../src/records/transfer/index.ts')
}

beforeEach(open)
afterEach(() => phone.closeDatabase())

async function fill() {
  const id = await phone.wellKnownId('journey', 'journey')
  const mark = await phone.wellKnownId('marks', 'readings/boundaries')
  const journey = phone.blank('journey', id)
  await phone.putRecords('checkins', [
    checkIn(phone, { mood: 2, note: 'wet, "quoted"\nnight' }),
    checkIn(phone),
  ])
  await phone.putRecords('letters', [letter(phone, 'Dear you', { title: 'Never' })])
  await phone.putRecords('urges', [
    { ...phone.blank('urges', phone.uuid7()), outcome: 'passed', helped: ['wave'] },
  ])
  await phone.putRecords('marks', [
    { ...phone.blank('marks', mark), item: 'readings/boundaries', progress: 1 },
  ])
  const words = { ...journey.words, people: [{ id: 'p1', name: 'Sam', phone: '+44 1' }] }
  await phone.putRecords('journey', [{ ...journey, slips: ['2026-11-01'], words }])
}

const everything = async () => {
  const sorted = await Promise.all(phone.COLLECTIONS.map((collection) => phone.allOf(collection)))
  return sorted.map((docs) => docs.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
}

describe('an export', () => {
  it('brings everything back on a fresh phone', async () => {
    await fill()
    const [before, file] = [await everything(), await transfer.exportEverything()]
    await phone.closeDatabase()
    await open()
    const plan = await transfer.planRestore(file)
    expect(plan).toMatchObject({ doubles: 0, refused: [] })
    await transfer.carryOut(plan)
    expect(await everything()).toEqual(before)
  })

  it('imported where it came from changes nothing', async () => {
    await fill()
    const plan = await transfer.planRestore(await transfer.exportEverything())
    expect(plan.doubles).toBe(6)
    expect(transfer.countOf(plan)).toBe(0)
  })

  it('keeps both texts where a record has changed since', async () => {
    const entry = letter(phone, 'as it was')
    await phone.putRecords('letters', [entry])
    const file = await transfer.exportEverything()
    await phone.putRecords('letters', [{ ...entry, text: 'as it is now' }])
    await transfer.carryOut(await transfer.planRestore(file))
    expect((await read(phone, 'letters', entry.id))?.text).toBe('as it is now\n\nas it was')
  })

  it('of the server is opened with the key of this phone', async () => {
    const entry = checkIn(phone, { note: 'sealed' })
    await phone.putRecords('checkins', [entry])
    const [waiting] = await phone.allRows('outbox')
    await phone.removeRecords('checkins', [entry.id])
    const file = { format: 'heartwood', version: 1, account: {}, checkins: [waiting?.doc], nudge_plan: [] }
    await transfer.carryOut(await transfer.planRestore(JSON.stringify(file)))
    expect(await read(phone, 'checkins', entry.id)).toEqual(entry)
  })

  it('takes what is sound from a damaged file and names the rest', async () => {
    const good = checkIn(phone)
    const bad = [
      { ...good, mood: 9 },
      { ...good, id: 'x' },
      { id: good.id },
      null,
      'x',
      { ...good, feelings: ['A B'] },
    ]
    const file = { format: 'heartwood', version: 1, checkins: [...bad, { ...good, unknown: 1 }] }
    const plan = await transfer.planRestore(JSON.stringify(file))
    expect(plan.take.checkins).toEqual([good])
    expect(plan.refused.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('as a table has the words of the person and local time', async () => {
    const at = new Date('2026-11-23T20:14').toISOString()
    const entry = checkIn(phone, { felt_at: at, mood: 2, feelings: ['sad'], note: '=danger, "x"' })
    await phone.putRecords('checkins', [entry])
    const table = await transfer.exportCsv((_kind, id) => id.toUpperCase())
    expect(table.split('\r\n').slice(0, 2)).toEqual([
      'date,time,mood,feelings,contexts,note,felt_at,id',
      `2026-11-23,20:14,2,SAD,,"'=danger, ""x""",${at},${entry.id}`,
    ])
  })
})

describe('an import', () => {
  it('can be taken back, without what was edited since', async () => {
    await fill()
    const before = await everything()
    const plan = await transfer.planRestore('{"format":"heartwood","version":1}')
    const fresh = [checkIn(phone, { mood: 1 }), checkIn(phone, { mood: 5 })]
    plan.take.checkins = fresh
    plan.words.contexts = { 'own-1': 'garden' }
    await transfer.carryOut(plan)
    expect(await transfer.lastImport()).toMatchObject({ count: 2 })
    const [, kept] = fresh
    if (kept) await phone.putRecords('checkins', [{ ...kept, note: 'I wrote here since' }])
    await transfer.undoImport()
    expect(await transfer.lastImport()).toBeUndefined()
    const after = await everything()
    expect(after.slice(1)).toEqual(before.slice(1))
    expect(after[0]).toHaveLength((before[0]?.length ?? 0) + 1)
  })

  it('of many goes in steps, says how far it is, and can be taken back as one', async () => {
    const plan = await transfer.planRestore('{"format":"heartwood","version":1}')
    plan.take.checkins = Array.from({ length: 500 }, () => checkIn(phone, { note: 'n' }))
    const shares: number[] = []
    await transfer.carryOut(plan, (share) => void shares.push(share))
    expect(shares).toHaveLength(3)
    expect(shares.at(-1)).toBe(1)
    expect(await phone.countWaiting()).toBe(500)
    await transfer.undoImport()
    expect(await phone.allOf('checkins')).toEqual([])
  })
})
