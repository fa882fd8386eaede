// Invented people, the same each time: what the gallery shows and what the browser tests put on a phone.
import { wellKnownId } from '../src/lib/uuid.ts'
import type { CheckIn, Clear, Journey, Letter, LetterKind, Mark, Mood, Urge } from '../src/records/types.ts'
import { dice, type Dice } from './dice.ts'
import { MOMENT } from './moment.ts'
import { LETTERS, NOTES, READ } from './texts.ts'

export interface Person {
  checkins: CheckIn[]
  urges: Urge[]
  letters: Letter[]
  marks: Mark[]
  journey: Journey
}

export const NAMES = [
  'arrived',
  'first-day',
  'a-year',
  'months-without',
  'long-text',
  'many',
  'special-day',
] as const
export type Name = (typeof NAMES)[number]

const DAY = 86_400_000
const now = Date.parse(MOMENT)
/** An instant `days` ago at an hour of UTC. */
const at = (days: number, hour: number, minute = 0): string => {
  const midnight = now - (now % DAY) - days * DAY
  return new Date(midnight + hour * 3_600_000 + minute * 60_000).toISOString()
}
const day = (days: number): string => at(days, 12).slice(0, 10)

const FEELINGS: Record<'heavy' | 'light', string[]> = {
  heavy: ['sad', 'missing_them', 'hurt', 'angry', 'anxious', 'empty', 'tired', 'lonely', 'rejected'],
  light: ['calm', 'hopeful', 'proud', 'relieved', 'tired'],
}
const HEAVY_CONTEXTS = ['slept_badly', 'saw_photo', 'alone_at_night', 'memory', 'they_wrote']
const LIGHT_CONTEXTS = ['talked_friend', 'moved', 'outside', 'with_people', 'slept_well']

/** A check-in; the further on, the lighter, with bad weeks in between. */
function checkIn(chance: Dice, days: number, along: number, noted: number): CheckIn {
  const weather = Math.sin(days / 9) * 0.7 + Math.sin(days / 31) * 0.5
  const mood = Math.max(1, Math.min(5, Math.round(1.7 + along * 2.4 + weather + chance.next() * 1.4 - 0.7)))
  const felt_at = at(days, chance.one([8, 13, 18, 19, 22]), chance.below(60))
  const side = mood <= 2 ? 'heavy' : 'light'
  return {
    id: chance.id(Date.parse(felt_at)),
    felt_at: felt_at > MOMENT ? at(days, 9, 5) : felt_at,
    mood: mood as Mood,
    feelings: chance.some(FEELINGS[side], 0.28),
    contexts: chance.some(side === 'heavy' ? HEAVY_CONTEXTS : LIGHT_CONTEXTS, 0.3),
    note: chance.next() < noted ? chance.one(NOTES) : null,
  }
}

function checkIns(chance: Dice, from: number, to: number, { perDay = 1, gaps = 0.12 } = {}): CheckIn[] {
  const found: CheckIn[] = []
  for (let days = from; days >= to; days -= 1) {
    if (days > 0 && chance.next() < gaps) continue
    const times = chance.next() < 0.3 ? perDay + 1 : perDay
    for (let time = 0; time < times; time += 1) found.push(checkIn(chance, days, (from - days) / from, 0.3))
  }
  return found
}

function urge(chance: Dice, days: number): Urge {
  const started_at = at(days, 22, chance.below(40))
  const outcome = chance.next() < 0.9 ? 'passed' : 'texted'
  return {
    id: chance.id(Date.parse(started_at)),
    started_at,
    ended_at: at(days, 23),
    outcome,
    strength: chance.one([2, 3, 4, 5]),
    helped: chance.some(['wave', 'breathing', 'reasons', 'called'], 0.4),
  }
}

function letter(
  chance: Dice,
  days: number,
  kind: LetterKind,
  text: string,
  more: Partial<Letter> = {},
): Letter {
  const written_at = at(days, 21, 20)
  const id = chance.id(Date.parse(written_at))
  return { id, kind, written_at, prompt: null, title: null, text, opens_on: null, ...more }
}

const mark = (item: string, days: number, more: Partial<Mark> = {}): Mark => ({
  id: item,
  item,
  progress: 1,
  read_at: at(days, 20),
  done_at: null,
  times_done: 0,
  saved: false,
  helped: null,
  place: 0,
  ...more,
})

const practised = (slug: string, days: number, times: number): Mark =>
  mark(`practices/${slug}`, days, { read_at: null, done_at: at(days, 19), times_done: times })

function journey(ended: number, more: Partial<Journey> = {}): Journey {
  return {
    id: 'journey',
    ended_on: day(ended),
    contact: 'none',
    stays_in_touch: [],
    hard_hours: [22, 23, 0],
    region: 'GB',
    space_since: day(ended),
    slips: [],
    special_days: [],
    pace: 1,
    hidden_feelings: [],
    hidden_contexts: [],
    words: { feelings: {}, contexts: {}, special_days: {}, people: [] },
    ...more,
  }
}

const nothing = (): Person => ({
  checkins: [],
  urges: [],
  letters: [],
  marks: [],
  journey: journey(0, { id: '', ended_on: null, space_since: null, region: null, hard_hours: [] }),
})

function firstDay(): Person {
  const chance = dice(1)
  const first = {
    ...checkIn(chance, 0, 0, 0),
    felt_at: at(0, 9, 10),
    mood: 1 as Mood,
    feelings: ['sad'],
    contexts: [],
  }
  return { ...nothing(), checkins: [first] }
}

function aYear(): Person {
  const chance = dice(7)
  const letters = LETTERS.map(({ days, kind, text, ...more }) => letter(chance, days, kind, text, more))
  return {
    checkins: [...checkIns(chance, 365, 1), { ...checkIn(chance, 0, 1, 0), felt_at: at(0, 9, 5), mood: 4 }],
    urges: Array.from({ length: 26 }, (_, index) => urge(chance, 340 - index * index * 0.5)).map((one) => ({
      ...one,
    })),
    letters: letters.sort((a, b) => (a.written_at < b.written_at ? -1 : 1)),
    marks: [
      ...READ.map((slug, index) =>
        mark(`readings/${slug}`, 300 - index * 9, { saved: index === 1, helped: 'yes' }),
      ),
      mark('guides/the-first-night', 360, { saved: true }),
      practised('slow-breathing', 12, 14),
      practised('ride-the-urge', 30, 6),
    ],
    journey: journey(365, {
      slips: [day(301), day(188)],
      special_days: [
        { id: 'sd1', date: day(-20), yearly: true, kind: 'anniversary' },
        { id: 'sd2', date: day(-31), yearly: true, kind: 'holiday' },
      ],
      words: {
        feelings: { 'own-1': 'like a closed shop' },
        contexts: { 'own-2': 'our café' },
        special_days: { sd1: 'The day we met', sd2: 'Christmas at their parents’' },
        people: [{ id: 'p1', name: 'Maeve', phone: '+353 1 555 0100' }],
      },
    }),
  }
}

/** A year later, on the day they met. */
function specialDay(): Person {
  const year = aYear()
  const [first, ...others] = year.journey.special_days
  const special_days = first ? [{ ...first, date: day(0) }, ...others] : others
  return { ...year, journey: { ...year.journey, special_days } }
}

function monthsWithout(): Person {
  const chance = dice(11)
  return {
    ...nothing(),
    checkins: checkIns(chance, 260, 214, { gaps: 0.2 }),
    journey: journey(262, { slips: [day(240)] }),
  }
}

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe '
const EVER =
  'Today I went the long way round by the harbour and it was still all there, the bench and the kiosk. '

function longText(): Person {
  const chance = dice(13)
  const own = { 'own-9': 'as if somebody had moved all the furniture' }
  const words = {
    feelings: own,
    contexts: { 'own-8': LONG.trim().slice(0, 40) },
    special_days: { sd9: `${LONG}and the whole of the long weekend after it` },
    people: [
      { id: 'p9', name: `Maria-Magdalena ${LONG}`.slice(0, 60), phone: '+43 (0)1 555 0100 extension 4711' },
    ],
  }
  const checkins = [2, 1, 0].map((days) => ({
    ...checkIn(chance, days, 0.5, 0),
    felt_at: at(days, 8, 30),
    feelings: Object.keys(own),
    contexts: [...LIGHT_CONTEXTS, 'own-8'],
    note: EVER.repeat(12) + LONG.repeat(3).replaceAll(' ', ''),
  }))
  return {
    checkins,
    urges: [],
    letters: [
      letter(chance, 3, 'letter', EVER.repeat(60), {
        title: `${LONG}and what I never said to you on the stairs`,
      }),
      letter(chance, 2, 'journal', LONG.repeat(8).replaceAll(' ', '')),
      letter(chance, 1, 'reason', EVER.repeat(4)),
    ],
    marks: [],
    journey: journey(1400, {
      special_days: [{ id: 'sd9', date: day(-3), yearly: true, kind: 'other' }],
      words,
    }),
  }
}

/** Five years, several a day, and hundreds of pages. */
function many(): Person {
  const chance = dice(17)
  const pages = Array.from({ length: 300 }, (_, index) =>
    letter(chance, 1500 - index * 5, 'journal', chance.one(NOTES), { title: `Page ${index + 1}` }),
  )
  return {
    ...aYear(),
    checkins: checkIns(chance, 1825, 0, { perDay: 2 }),
    letters: pages,
    journey: journey(1825),
  }
}

const MAKERS: Record<Name, () => Person> = {
  arrived: nothing,
  'first-day': firstDay,
  'a-year': aYear,
  'months-without': monthsWithout,
  'long-text': longText,
  'special-day': specialDay,
  many,
}

/** Somebody by name, oldest records first. */
function person(name: Name): Person {
  const made = MAKERS[name]()
  made.checkins.sort((a, b) => (a.felt_at < b.felt_at ? -1 : 1))
  made.urges.sort((a, b) => (a.started_at < b.started_at ? -1 : 1))
  return made
}

/** The records as lists by collection, with the ids that every device gives to marks and the journey. */
export async function recordsOf(name: Name): Promise<{ [C in keyof Clear]: Clear[C][] }> {
  const { marks, journey, ...rest } = person(name)
  const known = marks.map(async (mark) => ({ ...mark, id: await wellKnownId('marks', mark.item) }))
  const lived = journey.id ? [{ ...journey, id: await wellKnownId('journey', 'journey') }] : []
  return { ...rest, marks: await Promise.all(known), journey: lived }
}
