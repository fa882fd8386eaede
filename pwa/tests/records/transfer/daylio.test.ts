import { describe, expect, it, vi } from 'vitest'
import { blank, type CheckIn, type Mood } from '../../../src/records/types.ts'
import { guessMoods, planDaylio, readDaylio } from '../../../src/records/transfer/daylio.ts'
import { whatIs } from '../../../src/records/transfer/index.ts'

const HEAD = 'full_date,date,weekday,time,mood,activities,note_title,note'
const file = (...rows: string[]) => [HEAD, ...rows].join('\n')
const local = (text: string) => new Date(text).toISOString()
const NONE = { feelings: {}, contexts: {} }
const MOODS: Record<string, Mood | null> = { rad: 5, good: 4, meh: 3, bad: 2, awful: 1 }

describe('reading the table', () => {
  it('takes the day from full_date and the local time', async () => {
    const { rows, moods, refused } = await readDaylio(
      file(
        '2026-11-23,November 23,Monday,20:14,meh,"friends | good sleep","Long day","We talked.<br>It <b>helped</b> &amp; hurt"',
        '2026-11-22,November 22,Sunday,07:05,rad,,,',
      ),
    )
    expect(refused).toEqual([])
    expect(moods.toSorted()).toEqual(['meh', 'rad'])
    expect(rows[0]).toEqual({
      line: 2,
      felt_at: local('2026-11-23T20:14'),
      mood: 'meh',
      activities: ['friends', 'good sleep'],
      note: 'Long day\n\nWe talked.\nIt helped & hurt',
    })
    expect(rows[1]).toMatchObject({ felt_at: local('2026-11-22T07:05'), activities: [], note: null })
  })

  it.each([
    ['20:14', '20:14'],
    ['8:14 PM', '20:14'],
    ['8:14\u202fpm', '20:14'],
    ['8:14 p. m.', '20:14'],
    ['12:05 am', '00:05'],
    ['12:05 PM', '12:05'],
    ['午後8:14', '20:14'],
    ['오전 12:05', '00:05'],
    ['下午8:14', '20:14'],
    ['20.14', '20:14'],
    ['20h14', '20:14'],
    ['8:14 μ.μ.', '20:14'],
  ])('reads the time %s', async (time, wanted) => {
    const { rows } = await readDaylio(file(`2026-11-23,x,x,"${time}",meh,,,`))
    expect(rows[0]?.felt_at).toBe(local(`2026-11-23T${wanted}`))
  })

  it('says of each line that it leaves out why', async () => {
    const { rows, refused } = await readDaylio(
      file(
        '23.11.2026,x,x,20:14,meh,,,',
        '2026-02-30,x,x,20:14,meh,,,',
        '2026-11-23,x,x,25:14,meh,,,',
        '2026-11-23,x,x,20:14,,,,',
        '2999-01-01,x,x,20:14,meh,,,',
        '2026-11-23,x,x,20:14,meh,,,fine',
      ),
    )
    expect(refused.map(({ line, why }) => `${line} ${why}`)).toEqual([
      '2 no_date',
      '3 no_date',
      '4 no_time',
      '5 no_mood',
      '6 future',
    ])
    expect(rows).toHaveLength(1)
  })

  it('reads older exports without note titles, and columns in another order', async () => {
    const { rows } = await readDaylio('mood,time,full_date,note\nmeh,20:14,2026-11-23,hello')
    expect(rows).toMatchObject([{ mood: 'meh', note: 'hello' }])
  })
})

describe('moods', () => {
  it('are guessed from their usual names in several languages, never from others', () => {
    expect(guessMoods(['rad', 'Schlecht', 'horrível', '普通', 'Wobbly'])).toEqual({
      rad: 5,
      Schlecht: 2,
      horrível: 1,
      普通: 3,
      Wobbly: null,
    })
  })

  it('that were given none of ours are left out and reported', async () => {
    const read = await readDaylio(file('2026-11-23,x,x,20:14,Wobbly,,,', '2026-11-23,x,x,21:14,meh,,,'))
    const plan = await planDaylio(read, { ...MOODS, Wobbly: null }, [], NONE)
    expect(plan.take.checkins).toHaveLength(1)
    expect(plan.refused).toEqual([{ line: 2, why: 'no_mood' }])
  })
})

describe('the plan', () => {
  it('recognises what is here already, and doubles in the file', async () => {
    const present: CheckIn = { ...blank('checkins', 'x'), felt_at: local('2026-11-23T20:14'), mood: 3 }
    const read = await readDaylio(
      file('2026-11-23,x,x,20:14,meh,,,', '2026-11-22,x,x,20:14,bad,,,', '2026-11-22,x,x,20:14,bad,,,'),
    )
    const plan = await planDaylio(read, MOODS, [present], NONE)
    expect(plan).toMatchObject({ doubles: 2, days: { from: '2026-11-22', to: '2026-11-22' } })
    expect(plan.take.checkins).toHaveLength(1)
  })

  it('gives activities to feelings and contexts of the same name, and to new ones whose ids say nothing', async () => {
    const read = await readDaylio(
      file(
        '2026-11-23,x,x,20:14,meh,Lonely | WORK | secret hobby,,',
        '2026-11-24,x,x,0:14,meh,secret hobby,,',
      ),
    )
    const plan = await planDaylio(read, MOODS, [], {
      feelings: { lonely: 'lonely' },
      contexts: { work: 'work' },
    })
    const [one, other] = plan.take.checkins
    const [id = ''] = Object.keys(plan.words.contexts)
    expect(plan.words.contexts).toEqual({ [id]: 'secret hobby' })
    expect(id).toMatch(/^own-[0-9a-f]{8}$/)
    expect(one).toMatchObject({ feelings: ['lonely'], contexts: ['work', id] })
    expect(other?.contexts).toEqual([id])
  })

  it('of ten thousand rows is made in short slices, between which a tap is answered', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => {
      const day = new Date(2000, 0, 1 + index).toISOString().slice(0, 10)
      return `${day},x,x,20:14,meh,"friends | work | sleep","A title","${'Some words about the day. '.repeat(8)}"`
    })
    // A clock on which each row takes a tenth of a millisecond: a slice of eight ends after some eighty rows.
    let [now, turns] = [0, 0]
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.1))
    const others = setInterval(() => (turns += 1), 0)
    const plan = await planDaylio(await readDaylio(file(...rows)), MOODS, [], NONE)
    clearInterval(others)
    expect(plan.take.checkins.length + plan.refused.length).toBe(10_000)
    expect(turns).toBeGreaterThan(100)
  })
})

it('files are told apart', () => {
  expect(whatIs(file('2026-11-23,x,x,20:14,meh,,,'))).toBe('daylio')
  expect(whatIs('{"format":"heartwood","version":1}')).toBe('heartwood')
  expect(whatIs('{"format":"heartwood","version":2}')).toBeNull()
  expect(whatIs('{"format":"heartwood","version":1,"checkins":7}')).toBeNull()
  expect(whatIs('Dear diary, it rained')).toBeNull()
  expect(whatIs('')).toBeNull()
})
