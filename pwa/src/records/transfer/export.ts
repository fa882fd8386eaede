// All data as one file, made on the device and in the clear, and the check-ins as a table.
import { dayKey } from '../../lib/dates.ts'
import { allOf } from '../repository.ts'
import { COLLECTIONS, type CheckIn, type Clear } from '../types.ts'
import { writeCsv } from './csv.ts'

export const FORMAT = 'heartwood'
export const VERSION = 1

/** The names of feelings and contexts in the person's own words. */
export type NameOf = (kind: 'feelings' | 'contexts', id: string) => string

/** Everything as JSON: `{format, version, exported_at, checkins, urges, letters, marks, journey}`, in clear. */
export async function exportEverything(): Promise<string> {
  const file: Record<string, unknown> = {
    format: FORMAT,
    version: VERSION,
    exported_at: new Date().toISOString(),
  }
  for (const collection of COLLECTIONS) file[collection] = await allOf(collection)
  return `${JSON.stringify(file, null, 1)}\n`
}

/** The check-ins as CSV (RFC 4180) with the words they were given, oldest first, in local time. */
export async function exportCsv(nameOf: NameOf): Promise<string> {
  const checkIns = (await allOf('checkins')).sort((one, other) => (one.felt_at < other.felt_at ? -1 : 1))
  const head = ['date', 'time', 'mood', 'feelings', 'contexts', 'note', 'felt_at', 'id']
  return writeCsv([head, ...checkIns.map((checkIn) => rowOf(checkIn, nameOf))])
}

function rowOf(checkIn: CheckIn, nameOf: NameOf): (string | number)[] {
  const at = new Date(checkIn.felt_at)
  const time = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
  const names = (kind: 'feelings' | 'contexts') => checkIn[kind].map((id) => nameOf(kind, id)).join(', ')
  const { mood, note, felt_at, id } = checkIn
  return [dayKey(at), time, mood, names('feelings'), names('contexts'), note ?? '', felt_at, id]
}

/** The name of a file made today: heartwood-2026-11-24.json. */
export const fileName = (suffix: 'json' | 'csv'): string => `heartwood-${dayKey()}.${suffix}`

export type Exported = { [C in keyof Clear]: Clear[C][] }
