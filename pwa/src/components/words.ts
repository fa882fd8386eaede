// The person's own names for feelings and contexts, over the given ones.
import { t } from '../messages/index.ts'
import { saveJourney } from '../records/store.svelte.ts'
import type { Journey, Words } from '../records/types.ts'

export type WordKind = 'feelings' | 'contexts'

export interface WordGroup {
  name: string
  ids: string[]
}

/** The app's own word for an id; undefined for the person's own. */
const givenWord = (kind: WordKind, id: string): string | undefined => {
  return nameIn(t.words[kind], id)
}

/** An id may be a name that every object has: 'constructor'. */
const nameIn = (names: Readonly<Record<string, string>>, id: string): string | undefined =>
  Object.hasOwn(names, id) ? names[id] : undefined

export const wordOf = (kind: WordKind, id: string, words: Words): string =>
  nameIn(words[kind], id) ?? givenWord(kind, id) ?? id

export const hiddenOf = (kind: WordKind, journey: Journey): string[] =>
  kind === 'feelings' ? journey.hidden_feelings : journey.hidden_contexts

/** All words in their groups, the person's own last, without those that were hidden (unless `all`). */
export function groupsOf(kind: WordKind, journey: Journey, all = false): WordGroup[] {
  const given =
    kind === 'feelings' ? t.words.feelingGroups : [{ name: '', ids: Object.keys(t.words.contexts) }]
  const own = Object.keys(journey.words[kind]).filter((id) => !(id in t.words[kind]))
  const hidden = new Set(all ? [] : hiddenOf(kind, journey))
  return [...given, { name: t.words.own, ids: own }]
    .map(({ name, ids }) => ({ name, ids: ids.filter((id) => !hidden.has(id)) }))
    .filter(({ ids }) => ids.length > 0)
}

/** Gives a word a name; a name equal to the given one, or none, takes the person's own away. */
export function renameWord(kind: WordKind, id: string, name: string, journey: Journey): Promise<void> {
  const trimmed = name.trim()
  const others = Object.entries(journey.words[kind]).filter(([known]) => known !== id)
  const own = trimmed && trimmed !== givenWord(kind, id)
  // A word that only the person gave keeps its name rather than lose it.
  if (!own && !givenWord(kind, id)) return Promise.resolve()
  const named = Object.fromEntries(own ? [...others, [id, trimmed]] : others)
  return saveJourney({ words: { ...journey.words, [kind]: named } })
}

/** Adds a word of the person's own and answers its id, which says nothing about it. */
export async function addWord(kind: WordKind, name: string, journey: Journey): Promise<string> {
  const id = `own-${crypto.randomUUID().slice(0, 8)}`
  await renameWord(kind, id, name, journey)
  return id
}

export function setHidden(kind: WordKind, id: string, hide: boolean, journey: Journey): Promise<void> {
  const rest = hiddenOf(kind, journey).filter((hidden) => hidden !== id)
  const hidden = hide ? [...rest, id] : rest
  return saveJourney(kind === 'feelings' ? { hidden_feelings: hidden } : { hidden_contexts: hidden })
}

export const toggled = <T>(list: readonly T[], value: T): T[] =>
  list.includes(value) ? list.filter((other) => other !== value) : [...list, value]
