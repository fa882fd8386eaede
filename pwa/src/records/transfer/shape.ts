// The form of records in an export, checked field by field before anything is taken in.
import { MOST_BYTES } from '../../vault/vault.ts'
import { blank, type Clear, type Collection } from '../types.ts'

type Check = (value: unknown) => boolean

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const DAY_MS = 86_400_000

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value)
const between =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high
const whole =
  (low: number, high: number): Check =>
  (value) =>
    Number.isInteger(value) && between(low, high)(value)
const listOf =
  (check: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check) && new Set(value).size === value.length

const flag: Check = (value) => typeof value === 'boolean'
const text: Check = (value) =>
  typeof value === 'string' && new TextEncoder().encode(value).length <= MOST_BYTES
const day: Check = (value) =>
  matches(/^\d{4}-\d\d-\d\d$/)(value) && !Number.isNaN(Date.parse(value as string))
const instant: Check = (value) =>
  matches(/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/)(value) && Date.parse(value as string) < Date.now() + DAY_MS
const id = matches(/^[a-z0-9][a-z0-9_-]{0,39}$/)
const ids = listOf(id, 40)
const ref = matches(/^(readings|guides|practices)\/[a-z0-9]+(-[a-z0-9]+)*$/)

const names: Check = (value) =>
  isObject(value) && Object.entries(value).every(([key, name]) => id(key) && text(name))
const person: Check = (value) =>
  isObject(value) && ['id', 'name', 'phone'].every((field) => text(value[field]))
const words: Check = (value) =>
  isObject(value) &&
  ['feelings', 'contexts', 'special_days'].every((field) => names(value[field] ?? {})) &&
  Array.isArray(value['people'] ?? []) &&
  ((value['people'] ?? []) as unknown[]).every(person)
const specialDay: Check = (value) =>
  isObject(value) &&
  id(value['id']) &&
  day(value['date']) &&
  flag(value['yearly']) &&
  oneOf('anniversary', 'birthday', 'holiday', 'other')(value['kind'])

const CHECKS: { readonly [C in Collection]: Readonly<Record<string, Check>> } = {
  checkins: { felt_at: instant, mood: whole(1, 5), feelings: ids, contexts: ids, note: orNull(text) },
  urges: {
    started_at: instant,
    ended_at: orNull(instant),
    outcome: oneOf('passed', 'texted', null),
    strength: orNull(whole(1, 5)),
    helped: listOf(oneOf('wave', 'breathing', 'reasons', 'letter', 'called', 'other'), 6),
  },
  letters: {
    kind: oneOf('journal', 'letter', 'reason', 'answer'),
    written_at: instant,
    prompt: orNull(ref),
    title: orNull(text),
    text,
    opens_on: orNull(day),
  },
  marks: {
    item: ref,
    progress: between(0, 1),
    read_at: orNull(instant),
    done_at: orNull(instant),
    times_done: whole(0, 1_000_000),
    saved: flag,
    helped: oneOf('yes', 'a_little', 'no', null),
    place: between(0, 1),
  },
  journey: {
    ended_on: orNull(day),
    contact: oneOf('none', 'needed', 'off'),
    stays_in_touch: listOf(oneOf('children', 'work', 'home', 'other'), 4),
    hard_hours: listOf(whole(0, 23), 24),
    region: orNull(matches(/^[A-Z]{2}$/)),
    space_since: orNull(day),
    slips: listOf(day, 2000),
    special_days: listOf(specialDay, 40),
    pace: whole(1, 7),
    hidden_feelings: ids,
    hidden_contexts: ids,
    words,
  },
}

/** Fields without which a record says nothing. */
const NEEDED: { readonly [C in Collection]: readonly string[] } = {
  checkins: ['felt_at', 'mood'],
  urges: ['started_at'],
  letters: ['kind', 'written_at', 'text'],
  marks: ['item'],
  journey: [],
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The record with all its fields, unknown ones left out; null when one of them is not as it has to be. */
export function recordOf<C extends Collection>(collection: C, value: unknown): Clear[C] | null {
  if (!isObject(value) || !matches(UUID7)(value['id'])) return null
  if (NEEDED[collection].some((field) => value[field] === undefined)) return null
  const doc = blank(collection, value['id'] as string) as unknown as Record<string, unknown>
  for (const [field, check] of Object.entries(CHECKS[collection])) {
    const given = value[field]
    if (given === undefined) continue
    if (!check(given)) return null
    doc[field] = field === 'words' ? { ...(doc[field] as object), ...(given as object) } : given
  }
  return doc as unknown as Clear[C]
}
