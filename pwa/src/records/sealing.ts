// Between the clear form of a record and the form that travels.
import { open, placeOf, seal, Unreadable } from '../vault/vault.ts'
import { blank, type Clear, type Collection, type Words } from './types.ts'
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

/** The form that travels. Sealed texts and fields that equal one of `known` are taken from there as they are. */
export async function toWire<C extends Collection>(
  key: CryptoKey,
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
      ({ clear, wire }) => outer in wire && same((clear as unknown as Fields)[field], value),
    )
    if (before) wire[outer] = before.wire[outer]
    else
      wire[outer] = outer === field ? value : await sealValue(key, value, placeOf(collection, doc.id, outer))
  }
  return wire
}

async function sealValue(key: CryptoKey, value: unknown, place: string): Promise<Sealed | null> {
  if (value === null || value === undefined) return null
  return seal(key, typeof value === 'string' ? value : JSON.stringify(value), place)
}

/** The form the screens see. A text that cannot be opened is left blank; its envelope stays as it is. */
export async function toClear<C extends Collection>(
  key: CryptoKey,
  collection: C,
  wire: WireDoc,
): Promise<Clear[C]> {
  const doc = blank(collection, wire.id)
  const fields = doc as unknown as Fields
  for (const [field, fallback] of Object.entries(fields)) {
    const outer = SEALED[collection][field]
    const value = wire[outer ?? field] ?? null
    if (field === 'id' || value === null) continue
    fields[field] = outer
      ? await openValue(key, value as Sealed, placeOf(collection, wire.id, outer), fallback)
      : plain(field, value)
  }
  return doc
}

async function openValue(key: CryptoKey, sealed: Sealed, place: string, fallback: unknown): Promise<unknown> {
  try {
    const text = await open(key, sealed, place)
    return place.endsWith('/sealed_words') ? wordsOf(text) : text
  } catch (error) {
    if (error instanceof Unreadable) return fallback
    throw error
  }
}

function wordsOf(text: string): Words {
  const none = blank('journey', '').words
  return { ...none, ...(JSON.parse(text) as Partial<Words>) }
}

/** One moment has one spelling, so that equal moments compare equal. */
function plain(field: string, value: unknown): unknown {
  if (!INSTANTS.has(field) || typeof value !== 'string') return value
  const millis = Date.parse(value)
  return Number.isNaN(millis) ? value : new Date(millis).toISOString()
}
