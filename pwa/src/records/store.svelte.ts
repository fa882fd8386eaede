// What the screens read and call. Reads are reactive and in memory; writes resolve once they are durable.
import { onMessage } from '../lib/channel.ts'
import { nowInstant } from '../lib/dates.ts'
import { uuid7, wellKnownId } from '../lib/uuid.ts'
import { merge } from '../sync/merge.ts'
import { editRecord, everything, getRecords, plainCopy, putRecords, removeRecords } from './repository.ts'
import { blank, COLLECTIONS, type CheckIn, type Clear, type Collection, type Journey } from './types.ts'
import type { Letter, Mark, Urge } from './types.ts'

/** The person's records, oldest first. Replaced as a whole at each change, never changed in place. */
class Records {
  /** False until everything was read from this phone. */
  ready = $state(false)
  /** True when this phone keeps nothing (some private windows): say so, and do not pretend to save. */
  unavailable = $state(false)
  checkIns = $state.raw<readonly CheckIn[]>([])
  urges = $state.raw<readonly Urge[]>([])
  letters = $state.raw<readonly Letter[]>([])
  /** By item: 'readings/slug'. */
  marks = $state.raw<ReadonlyMap<string, Mark>>(new Map())
  journey = $state.raw<Journey>(blank('journey', ''))
}

export const records = new Records()

type Show = { readonly [C in Collection]: (docs: Clear[C][]) => void }

/** In an order that is the same on every device. */
const by = <T extends { id: string }>(key: (doc: T) => string) => {
  const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
  return (one: T, other: T) => compare(key(one), key(other)) || compare(one.id, other.id)
}

const show: Show = {
  checkins: (docs) => (records.checkIns = docs.sort(by((doc) => doc.felt_at))),
  urges: (docs) => (records.urges = docs.sort(by((doc) => doc.started_at))),
  letters: (docs) => (records.letters = docs.sort(by((doc) => doc.written_at))),
  marks: (docs) => (records.marks = new Map(docs.map((doc) => [doc.item, doc]))),
  journey: (docs) => (records.journey = docs[0] ?? blank('journey', '')),
}

const held: { [C in Collection]: Map<string, Clear[C]> } = {
  checkins: new Map(),
  urges: new Map(),
  letters: new Map(),
  marks: new Map(),
  journey: new Map(),
}

function hold<C extends Collection>(collection: C, docs: Clear[C][]): void {
  held[collection] = new Map(docs.map((doc) => [doc.id, doc])) as (typeof held)[C]
  show[collection](docs)
}

/** Reads the changed records in parts, so that a first copy of thousands never holds up a tap, and shows them once. */
async function refresh<C extends Collection>(collection: C, ids: string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += PART) {
    const part = ids.slice(from, from + PART)
    const docs = await getRecords(collection, part)
    for (const [index, id] of part.entries()) {
      const doc = docs[index]
      if (doc) held[collection].set(id, doc)
      else held[collection].delete(id)
    }
  }
  show[collection]([...held[collection].values()])
}

const PART = 200
const GATHER_MS = 300
const gathered = new Map<Collection, Set<string>>()

/** What the server brings comes in many pages: shown a few times a second, not each by itself. */
function refreshSoon(collection: Collection, ids: string[]): void {
  if (!gathered.size) setTimeout(() => void refreshGathered(), GATHER_MS)
  gathered.set(collection, new Set([...(gathered.get(collection) ?? []), ...ids]))
}

async function refreshGathered(): Promise<void> {
  const now = [...gathered]
  gathered.clear()
  for (const [collection, ids] of now) await refresh(collection, [...ids])
}

/** Reads everything once, then follows each change from this tab, another one, or the service worker. */
export async function startRecords(): Promise<void> {
  onMessage((message) => {
    if (message.type === 'changed' && message.by === 'server') refreshSoon(message.collection, message.ids)
    else if (message.type === 'changed') void refresh(message.collection, message.ids)
    if (message.type === 'reset') void loadAll()
  })
  await loadAll().catch(() => (records.unavailable = true))
  records.ready = true
}

async function loadAll(): Promise<void> {
  const all = await everything()
  for (const collection of COLLECTIONS) hold(collection, all[collection])
}

/** A check-in of now with everything but the mood open. */
export function newCheckIn(mood: CheckIn['mood'], feltAt: string = nowInstant()): CheckIn {
  return { ...blank('checkins', uuid7()), mood, felt_at: feltAt }
}

export const newUrge = (): Urge => ({ ...blank('urges', uuid7()), started_at: nowInstant() })

export function newLetter(kind: Letter['kind'], prompt: string | null = null): Letter {
  return { ...blank('letters', uuid7()), kind, prompt, written_at: nowInstant() }
}

/**
 * Keeps a record. `from` is the record as it was when editing began: what came from another device meanwhile is then
 * merged in; without it this state replaces the stored one.
 */
export const saveCheckIn = (checkIn: CheckIn, from?: CheckIn): Promise<void> =>
  save('checkins', checkIn, from)
export const saveUrge = (urge: Urge, from?: Urge): Promise<void> => save('urges', urge, from)
/** Several new pages: all of them are kept, or none. */
export async function addLetters(letters: Letter[]): Promise<void> {
  await putRecords('letters', letters.map(plainCopy))
  await refresh(
    'letters',
    letters.map(({ id }) => id),
  )
}
export const saveLetter = (letter: Letter, from?: Letter): Promise<void> => save('letters', letter, from)

/** Changes the mark of one content item, which is made when there is none. */
export async function saveMark(item: string, patch: Partial<Omit<Mark, 'id' | 'item'>>): Promise<void> {
  await change('marks', await wellKnownId('marks', item), { ...patch, item })
}

/** Changes the journey, which is made when there is none. */
export async function saveJourney(patch: Partial<Omit<Journey, 'id'>>): Promise<void> {
  await change('journey', await wellKnownId('journey', 'journey'), patch)
}

/** Removes a record; saving it again with the same id brings it back. */
export async function remove(collection: Collection, id: string): Promise<void> {
  await removeRecords(collection, [id])
  await refresh(collection, [id])
}

async function save<C extends Collection>(collection: C, doc: Clear[C], from?: Clear[C]): Promise<void> {
  const [wanted, base] = [plainCopy(doc), from && plainCopy(from)]
  // Here a tie goes to the person who just saved.
  await editRecord(collection, doc.id, (current) =>
    base && current ? merge(collection, base, current, wanted) : wanted,
  )
  await refresh(collection, [doc.id])
}

async function change<C extends Collection>(
  collection: C,
  id: string,
  patch: Partial<Clear[C]>,
): Promise<void> {
  const wanted = plainCopy(patch)
  await editRecord(collection, id, (current) => ({ ...(current ?? blank(collection, id)), ...wanted }))
  await refresh(collection, [id])
}
