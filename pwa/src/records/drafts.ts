// Unfinished words, kept on this phone only so that a crash or a call loses nothing.
import { database, type Draft } from './database.ts'

/** Keeps what is being written. A key names the place: 'letter/<id>', 'checkin/<id>'. */
export async function saveDraft(key: string, value: unknown): Promise<void> {
  const plain: unknown = JSON.parse(JSON.stringify(value))
  await (await database()).put('drafts', { key, value: plain, saved_at: new Date().toISOString() })
}

export async function readDraft<T>(key: string): Promise<{ value: T; saved_at: string } | undefined> {
  return (await (await database()).get('drafts', key)) as (Draft & { value: T }) | undefined
}

export async function dropDraft(key: string): Promise<void> {
  await (await database()).delete('drafts', key)
}

/** The keys of all drafts, the latest first. */
export async function listDrafts(): Promise<string[]> {
  const drafts = await (await database()).getAll('drafts')
  return drafts.sort((one, other) => other.saved_at.localeCompare(one.saved_at)).map((draft) => draft.key)
}
