// The library's texts, as the bundle brings them.
import type { Index } from './search.ts'

export type Kind = 'readings' | 'guides' | 'practices'
/** 'readings/slug', 'guides/slug', 'practices/slug'. */
export type Ref = string
export type Certainty = 'good' | 'mixed' | 'early' | 'common_sense'

export interface Source {
  authors: string
  title: string
  in: string | null
  year: number
  doi: string | null
  says: string
  certainty: Certainty
}

export interface Item {
  slug: string
  title: string
  lang: string
  minutes: number
  summary: string
  /** Clean, and linking only inside the app. */
  html: string
  /** A practice that goes with it. */
  practice: Ref | null
  /** A question to sit with. */
  question: string | null
  related: Ref[]
  sources: Source[]
}

export interface Reading extends Item {
  order: number
  chapter: string
  takeaway: string
}

/** What the path shows of a reading. */
export type PathEntry = Pick<Reading, 'slug' | 'title' | 'lang' | 'minutes' | 'order' | 'chapter'>

export interface Guide extends Item {
  order: number
  /** The moment it is for, in a short sentence. */
  when: string
  /** Help lines belong at its end. */
  helplines: boolean
}

export interface Step {
  say: string
  seconds: number | null
}

export interface Breathing {
  in: number
  hold: number
  out: number
  rounds: number
}

export interface Practice extends Item {
  runner: 'timer' | 'wave' | 'breathing' | 'list' | 'writing' | 'senses' | 'steps'
  lands_in: 'journal' | 'letter' | 'reason' | 'none'
  /** It needs daylight, other people or a fresh head. */
  by_day: boolean
  steps: Step[]
  prompts: string[]
  breathing: Breathing | null
  why: string
  certainty: Certainty
}

export interface Book {
  slug: string
  title: string
  lang: string
  authors: string
  year: number
  good_for: string
  when: string
}

export interface Chapter {
  id: string
  title: string
  lang: string
  summary: string
}

export interface Takeaway {
  title: string
  lang: string
  text: string
  item: Ref
}

export interface HelpLine {
  name: string
  for: 'crisis' | 'partner_violence' | 'general'
  phone: string | null
  text: string | null
  web: string | null
  hours: string | null
  languages: string[]
  note: string | null
  checked: { on: string; source: string }
}

export interface HelpLines {
  /** ISO 3166-1 alpha-2; null for the international directory. */
  region: string | null
  country: string
  lang: string
  emergency: string | null
  fallback: boolean
  lines: HelpLine[]
}

export interface Bundle {
  version: string
  locale: string
  chapters: Chapter[]
  takeaways: Takeaway[]
  readings: Reading[]
  guides: Guide[]
  practices: Practice[]
  books: Book[]
  helplines: HelpLines[]
  search: Index
}
