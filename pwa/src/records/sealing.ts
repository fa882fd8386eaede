// Between the clear form of a record and the form that travels.
import { NewerKey, open, seal, versionOf, type Ring } from '../vault/ring.ts'
import { placeOf, Unreadable } from '../vault/vault.ts'
import { blank, type Clear, type Collection, type Readable, type Words } from './types.ts'
import type { Sealed, WireDoc } from './wire.ts'

/** The fields that are sealed: their name in the clear, their name on the wire. */
const SEALED: { readonly [C in Collection]: Readonly<Record<string, string>> } = {
  checkins: { note: 'sealed_note' },
  urges: {},
  letters: { title: 'sealed_title', text: 'sealed_text' },
  marks: {},
  journey: { words: 'sealed_words' },
}

const INSTANTS = new Set(['felt_at', 'started_at', 'ended_at', 'written_at', 'read_at', 'done_at'])

type Fields = Record<string, unknown>

/** A record in both its forms. Fields that did not change keep the form they have on the wire. */
export interface Known<C extends Collection> {
  clear: Clear[C]
  wire: WireDoc
}

/** Deep equality of JSON values, whatever the order of their keys. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => key in other && same((one as Fields)[key], (other as Fields)[key]))
}

/**
 * The form that travels. Fields that equal one of `known` are taken from there as they are; sealed texts too, unless an
 * older key sealed them. A text that could not be opened keeps its envelope until somebody writes in its place.
 */
export async function toWire<C extends Collection>(
  ring: Ring,
  collection: C,
  doc: Clear[C],
  known: Known<C>[] = [],
): Promise<WireDoc> {
  const first = known[0]?.wire ?? {}
  const wire: WireDoc = { ...first, id: doc.id, _deleted: false }
  delete wire.rev
  for (const field of Object.keys(blank(collection, doc.id))) {
    if (field === 'id') continue
    const outer = SEALED[collection][field] ?? field
    const value = (doc as unknown as Fields)[field]
    const before = known.find(
      ({ clear, wire }) =>
        outer in wire &&
        same((clear as unknown as Fields)[field], value) &&
        (isOfNewestKey(ring, wire[outer]) || isUnreadable(clear, field)),
    )
    if (before) wire[outer] = before.wire[outer]
    else
      wire[outer] = outer === field ? value : await sealValue(ring, value, placeOf(collection, doc.id, outer))
  }
  return wire
}

/** Whether a text in the safe copy could not be opened here. */
export const isUnreadable = (doc: object, field: string): boolean =>
  (doc as Readable).unreadable?.includes(field) ?? false

/** True for every value that is no envelope. */
function isOfNewestKey({ version }: Ring, value: unknown): boolean {
  const isEnvelope = typeof value === 'object' && value !== null && 'ct' in value
  return !isEnvelope || versionOf(value as Sealed) === version
}

/** Whether a text of the record that this ring opens is still sealed with an older key. */
export function isStale(ring: Ring, collection: Collection, doc: object, wire: WireDoc): boolean {
  return Object.entries(SEALED[collection]).some(
    ([field, outer]) => !isUnreadable(doc, field) && !isOfNewestKey(ring, wire[outer]),
  )
}

/** The name that a field has on the wire. */
export const wireName = (collection: Collection, field: string): string => SEALED[collection][field] ?? field

async function sealValue(ring: Ring, value: unknown, place: string): Promise<Sealed | null> {
  if (value === null || value === undefined) return null
  return seal(ring, typeof value === 'string' ? value : JSON.stringify(value), place)
}

/**
 * The form the screens see. A text that cannot be opened is left blank and named in `unreadable`. Raises NewerKey when a
 * key is needed that this device has yet to get.
 */
export async function toClear<C extends Collection>(
  ring: Ring,
  collection: C,
  wire: WireDoc,
): Promise<Clear[C]> {
  const doc = blank(collection, wire.id)
  const fields = doc as unknown as Fields
  for (const [field, fallback] of Object.entries(fields)) {
    const outer = SEALED[collection][field]
    const value = wire[outer ?? field] ?? null
    if (field === 'id' || value === null) continue
    const opened = outer
      ? await openValue(ring, value as Sealed, placeOf(collection, wire.id, outer))
      : plain(field, value)
    fields[field] = opened ?? fallback
    if (opened === undefined) (doc as Readable).unreadable = [...((doc as Readable).unreadable ?? []), field]
  }
  return doc
}

/** undefined: it cannot be opened. */
async function openValue(ring: Ring, sealed: Sealed, place: string): Promise<unknown> {
  try {
    const text = await open(ring, sealed, place)
    return place.endsWith('/sealed_words') ? wordsOf(text) : text
  } catch (error) {
    if (error instanceof Unreadable && !(error instanceof NewerKey)) return undefined
    throw error
  }
}

/** Raises Unreadable when the text is not what the app seals there. */
function wordsOf(text: string): Words {
  const none = blank('journey', '').words
  try {
    return { ...none, ...(JSON.parse(text) as Partial<Words>) }
  } catch (error) {
    throw new Unreadable('no words in it', { cause: error })
  }
}

/** One moment has one spelling, so that equal moments compare equal. */
function plain(field: string, value: unknown): unknown {
  if (!INSTANTS.has(field) || typeof value !== 'string') return value
  const millis = Date.parse(value)
  return Number.isNaN(millis) ? value : new Date(millis).toISOString()
}
