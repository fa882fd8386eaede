// A person's records in the clear, as the screens see them. Field names are those of the wire, without `sealed_`.
// Instants are RFC 3339 in UTC; days are local 'YYYY-MM-DD'.

export type Mood = 1 | 2 | 3 | 4 | 5

/** A record with texts that only its person's devices can open. */
export interface Readable {
  /** Fields whose text in the safe copy could not be opened here. It never travels. */
  unreadable?: string[]
}

export interface CheckIn extends Readable {
  id: string
  felt_at: string
  mood: Mood
  feelings: string[]
  contexts: string[]
  note: string | null
}

export type UrgeHelp = 'wave' | 'breathing' | 'reasons' | 'letter' | 'called' | 'other'

export interface Urge extends Readable {
  id: string
  started_at: string
  ended_at: string | null
  outcome: 'passed' | 'texted' | null
  strength: Mood | null
  helped: UrgeHelp[]
}

export type LetterKind = 'journal' | 'letter' | 'reason' | 'answer'

export interface Letter extends Readable {
  id: string
  kind: LetterKind
  written_at: string
  /** The content item whose question or practice it answers: 'readings/slug'. */
  prompt: string | null
  title: string | null
  text: string
  /** A letter sealed away opens on this day. */
  opens_on: string | null
}

export interface Mark extends Readable {
  id: string
  /** 'readings/slug', 'guides/slug', 'practices/slug'. */
  item: string
  /** Share of it that was read, 0..1. */
  progress: number
  read_at: string | null
  done_at: string | null
  times_done: number
  saved: boolean
  helped: 'yes' | 'a_little' | 'no' | null
  /** Scroll place, 0..1. */
  place: number
}

export interface SpecialDay {
  id: string
  date: string
  yearly: boolean
  kind: 'anniversary' | 'birthday' | 'holiday' | 'other'
}

export interface Person {
  id: string
  name: string
  phone: string
}

/** Every name that the person gave. It is sealed as one text. */
export interface Words {
  /** Own feelings, and new names of given ones: id to word. */
  feelings: Record<string, string>
  contexts: Record<string, string>
  /** Names of the special days: id to words. */
  special_days: Record<string, string>
  /** Who to call; the first one is offered. */
  people: Person[]
}

export interface Journey extends Readable {
  id: string
  ended_on: string | null
  contact: 'none' | 'needed' | 'off'
  stays_in_touch: ('children' | 'work' | 'home' | 'other')[]
  hard_hours: number[]
  region: string | null
  space_since: string | null
  slips: string[]
  special_days: SpecialDay[]
  /** Days for one reading. */
  pace: number
  hidden_feelings: string[]
  hidden_contexts: string[]
  words: Words
}

export interface Clear {
  checkins: CheckIn
  urges: Urge
  letters: Letter
  marks: Mark
  journey: Journey
}

export type Collection = keyof Clear

export const COLLECTIONS: readonly Collection[] = ['checkins', 'urges', 'letters', 'marks', 'journey']

/** What a record holds where nothing was said. */
export const BLANK: { readonly [C in Collection]: Omit<Clear[C], 'id'> } = {
  checkins: { felt_at: '1970-01-01T00:00:00.000Z', mood: 3, feelings: [], contexts: [], note: null },
  urges: {
    started_at: '1970-01-01T00:00:00.000Z',
    ended_at: null,
    outcome: null,
    strength: null,
    helped: [],
  },
  letters: {
    kind: 'journal',
    written_at: '1970-01-01T00:00:00.000Z',
    prompt: null,
    title: null,
    text: '',
    opens_on: null,
  },
  marks: {
    item: '',
    progress: 0,
    read_at: null,
    done_at: null,
    times_done: 0,
    saved: false,
    helped: null,
    place: 0,
  },
  journey: {
    ended_on: null,
    contact: 'none',
    stays_in_touch: [],
    hard_hours: [],
    region: null,
    space_since: null,
    slips: [],
    special_days: [],
    pace: 1,
    hidden_feelings: [],
    hidden_contexts: [],
    words: { feelings: {}, contexts: {}, special_days: {}, people: [] },
  },
}

/** A new record with every field at its default. */
export function blank<C extends Collection>(collection: C, id: string): Clear[C] {
  return { ...structuredClone(BLANK[collection]), id } as unknown as Clear[C]
}
