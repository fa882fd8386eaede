// Rows of records, many on one sheet: browsers keep one large row in a fraction of the time of many small ones, so that a
// first copy or an import of thousands is a few hundred writes. What changes later lies on a sheet of its own.
import type { Collection } from './types.ts'

export interface Named {
  collection: Collection
  id: string
}

export interface Sheet<R extends Row> {
  /** By which the sheet of a row is found. */
  names: string[]
  rows: R[]
}

export interface Row extends Named {
  doc: object
}

type Change<R extends Row> = Omit<R, 'doc'> & Named & { doc: R['doc'] | null | undefined }

interface Readable<R extends Row> {
  get(key: number): Promise<Sheet<R> | undefined>
  index(name: 'names'): {
    count(range: IDBKeyRange): Promise<number>
    getAllKeys(range: IDBKeyRange): Promise<number[]>
    getKey(query: string | IDBKeyRange): Promise<number | undefined>
  }
}

export interface Writable<R extends Row> extends Readable<R> {
  put(sheet: Sheet<R>, key?: number): Promise<number>
  delete(key: number): Promise<void>
}

/** Few enough that to change one row of a sheet costs little, even where they are long letters. */
const ROWS = 50

export const nameOf = ({ collection, id }: Named): string => `${collection}/${id}`

/** All rows, of one collection where it is given. */
export function rowsOn<R extends Row>(sheets: readonly Sheet<R>[], collection?: Collection): R[] {
  const rows = sheets.flatMap((sheet) => sheet.rows)
  return collection ? rows.filter((row) => row.collection === collection) : rows
}

/** The rows that have these ids, by id. */
export async function rowsOf<R extends Row>(
  store: Readable<R>,
  collection: Collection,
  ids: readonly string[],
): Promise<Map<string, R>> {
  const names = new Set(ids.map((id) => nameOf({ collection, id })))
  const keys = await keysOf(store, [...names])
  const sheets = await Promise.all(keys.map((key) => store.get(key)))
  const rows = sheets.flatMap((sheet) => sheet?.rows ?? [])
  return new Map(rows.filter((row) => names.has(nameOf(row))).map((row) => [row.id, row]))
}

/**
 * Keeps rows in place of those of the same names. Rows whose document is null are forgotten, those where it is undefined
 * left as they are. One call at a time for a store: each reads what it changes.
 */
export async function keepRows<R extends Row>(store: Writable<R>, rows: readonly Change<R>[]): Promise<void> {
  const last = [...new Map(rows.map((row) => [nameOf(row), row])).values()]
  const changed = last.filter(({ doc }) => doc !== undefined)
  const kept = changed.filter(({ doc }) => doc) as unknown as R[]
  await dropRows(store, changed)
  for (let at = 0; at < kept.length; at += ROWS) await store.put(sheetOf(kept.slice(at, at + ROWS)))
}

/** Forgets rows, as `keepRows` keeps them. */
export async function dropRows<R extends Row>(store: Writable<R>, rows: readonly Named[]): Promise<void> {
  const gone = new Set(rows.map(nameOf))
  for (const key of await keysOf(store, [...gone])) {
    const rest = (await store.get(key))?.rows.filter((row) => !gone.has(nameOf(row))) ?? []
    await (rest.length ? store.put(sheetOf(rest), key) : store.delete(key))
  }
}

const sheetOf = <R extends Row>(rows: R[]): Sheet<R> => ({ names: rows.map(nameOf), rows })

/**
 * The keys of the sheets of some rows, and maybe of a few that lie between. Ids are made in order of time, so records that
 * travel together lie together: then one request finds them all, else each has its own.
 */
async function keysOf<R extends Row>(store: Readable<R>, names: readonly string[]): Promise<number[]> {
  if (!names.length) return []
  const sorted = names.toSorted()
  const index = store.index('names')
  const range = IDBKeyRange.bound(sorted[0], sorted.at(-1))
  const near = names.length > 1 && (await index.count(range)) <= 2 * names.length
  const keys = near
    ? await index.getAllKeys(range)
    : await Promise.all(names.map((name) => index.getKey(name)))
  return [...new Set(keys)].filter((key) => key !== undefined)
}
