// Three-way merge, field by field. Pure: no storage, no clock, no randomness, so that it can be reasoned about.
// The side that changed wins. Text changed on both sides keeps both. Progress takes the maximum. Lists keep what
// either side added and drop what either removed. A tie goes to the server.
import { same } from '../records/sealing.ts'
import { blank, type Clear, type Collection, type Person, type Words } from '../records/types.ts'

type Rule = (base: unknown, local: unknown, server: unknown) => unknown
type Rules = Readonly<Record<string, Rule>>

/** Most ids that the server takes in one list. */
const MOST_IDS = 40

const tie: Rule = (_base, _local, server) => server

const largest: Rule = (_base, local, server) => {
  if (local === null || server === null) return local ?? server
  return (local as number | string) > (server as number | string) ? local : server
}

const bothTexts: Rule = (_base, local, server) =>
  keepBoth(local as string | null, server as string | null, '\n\n')

const union: Rule = (base, local, server) =>
  unionOf(base as unknown[], local as unknown[], server as unknown[])

const ids: Rule = (base, local, server) => (union(base, local, server) as string[]).slice(0, MOST_IDS)

const byId: Rule = (base, local, server) =>
  mergeById(base as Identified[], local as Identified[], server as Identified[])

const words: Rule = (base, local, server) => mergeWords(base as Words, local as Words, server as Words)

const RULES: { readonly [C in Collection]: Rules } = {
  checkins: { feelings: ids, contexts: ids, note: bothTexts },
  urges: { helped: union },
  letters: {
    title: (_base, local, server) => keepBoth(local as string | null, server as string | null, ' / '),
    text: bothTexts,
  },
  marks: { progress: largest, times_done: largest, read_at: largest, done_at: largest },
  journey: {
    stays_in_touch: union,
    hard_hours: union,
    slips: union,
    hidden_feelings: ids,
    hidden_contexts: ids,
    special_days: byId,
    words,
  },
}

/**
 * The record that keeps what both sides did since `base`, the state they last shared; without one, the blank
 * record stands for it. Merging with an unchanged side gives the other side back.
 */
export function merge<C extends Collection>(
  collection: C,
  base: Clear[C] | null,
  local: Clear[C],
  server: Clear[C],
): Clear[C] {
  const ground = base ?? blank(collection, server.id)
  const merged = mergeFields(RULES[collection], fieldsOf(ground), fieldsOf(local), fieldsOf(server))
  return { ...merged, id: server.id } as unknown as Clear[C]
}

type Fields = Record<string, unknown>

const fieldsOf = (doc: object): Fields => doc as Fields

function mergeFields(
  rules: Rules,
  base: Fields,
  local: Fields,
  server: Fields,
  otherwise: Rule = tie,
): Fields {
  const merged: Fields = {}
  for (const field of new Set([...Object.keys(server), ...Object.keys(local)])) {
    merged[field] = mergeValue(rules[field] ?? otherwise, base[field], local[field], server[field])
  }
  return merged
}

function mergeValue(rule: Rule, base: unknown, local: unknown, server: unknown): unknown {
  if (same(local, server) || same(base, local)) return server
  if (same(base, server)) return local
  return rule(base, local, server)
}

/** Both texts, once each: a side that already holds the other's words is enough. */
function keepBoth(local: string | null, server: string | null, between: string): string | null {
  if (!local || server?.includes(local)) return server
  if (!server || local.includes(server)) return local
  return server + between + local
}

function unionOf<T>(base: T[], local: T[], server: T[]): T[] {
  const [was, here, there] = [new Set(base), new Set(local), new Set(server)]
  const kept = server.filter((item) => here.has(item) || !was.has(item))
  const added = local.filter((item) => !there.has(item) && !was.has(item))
  return [...kept, ...added]
}

interface Identified {
  id: string
}

const idOf = (item: Identified): string => item.id

function mergeById<T extends Identified>(base: T[], local: T[], server: T[]): T[] {
  const find = (list: T[], id: string) => list.find((item) => item.id === id)
  const ids = unionOf(base.map(idOf), local.map(idOf), server.map(idOf))
  const merged = ids.map((id) => {
    const [was, here, there] = [find(base, id), find(local, id), find(server, id)]
    if (!here || !there) return here ?? there
    return mergeFields({}, fieldsOf(was ?? {}), fieldsOf(here), fieldsOf(there)) as unknown as T
  })
  return merged.filter((item) => item !== undefined)
}

function mergeWords(base: Words, local: Words, server: Words): Words {
  const names = (field: 'feelings' | 'contexts' | 'special_days') =>
    mergeNames(base[field], local[field], server[field])
  return {
    feelings: names('feelings'),
    contexts: names('contexts'),
    special_days: names('special_days'),
    people: mergePeople(base.people, local.people, server.people),
  }
}

type Names = Record<string, string>

function mergeNames(base: Names, local: Names, server: Names): Names {
  const merged = mergeFields({}, base, local, server, (_base, here, there) =>
    keepBoth((here ?? null) as string | null, (there ?? null) as string | null, ' / '),
  )
  return Object.fromEntries(Object.entries(merged).filter(([, name]) => name !== undefined)) as Names
}

/** Two numbers cannot be joined as two texts can: what would be lost stays as a person of its own. */
function mergePeople(base: Person[], local: Person[], server: Person[]): Person[] {
  const merged = mergeById(base, local, server)
  const copies = merged.flatMap((person) => {
    const here = local.find(({ id }) => id === person.id)
    const was = base.find(({ id }) => id === person.id)
    if (!here || !isLost(was, here, person)) return []
    return [{ ...here, id: `${here.id}-2` }]
  })
  const known = new Set(merged.map(idOf))
  return [...merged, ...copies.filter(({ id }) => !known.has(id))]
}

const isLost = (was: Person | undefined, here: Person, merged: Person): boolean =>
  (['name', 'phone'] as const).some((field) => here[field] !== was?.[field] && here[field] !== merged[field])
