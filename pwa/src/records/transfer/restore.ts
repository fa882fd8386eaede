// An export brought back: the app's own, in clear, or the server's, whose texts this device's key opens.
import { dayKey } from '../../lib/dates.ts'
import { wellKnownId } from '../../lib/uuid.ts'
import { merge } from '../../sync/merge.ts'
import { vaultRing } from '../../vault/ring.ts'
import { Unreadable } from '../../vault/vault.ts'
import { getRecords } from '../repository.ts'
import { same, toClear } from '../sealing.ts'
import { COLLECTIONS, type Clear, type Collection } from '../types.ts'
import { FORMAT, VERSION } from './export.ts'
import { emptyPlan, type ImportPlan } from './plan.ts'
import { isObject, recordOf } from './shape.ts'
import { pause } from './slices.ts'

const BATCH = 200

type Export = Record<string, unknown>

function parse(text: string): Export | null {
  try {
    const file: unknown = JSON.parse(text)
    const ours = isObject(file) && file['format'] === FORMAT && file['version'] === VERSION
    return ours && COLLECTIONS.every((name) => Array.isArray(file[name] ?? [])) ? file : null
  } catch {
    return null
  }
}

/** True for an export of this app or of its server, of a version that is understood. */
export const isExport = (text: string): boolean => parse(text) !== null

/** What the file would bring back. Records that are here in another state are merged: both sides' words stay. */
export async function planRestore(text: string): Promise<ImportPlan> {
  const plan = emptyPlan()
  const file = parse(text) ?? {}
  for (const collection of COLLECTIONS) {
    const given = (file[collection] ?? []) as unknown[]
    for (let from = 0; from < given.length; from += BATCH) {
      await planBatch(plan, collection, given.slice(from, from + BATCH), from)
      await pause()
    }
  }
  const days = plan.take.checkins.map(({ felt_at }) => dayKey(felt_at)).sort()
  plan.days = days[0] ? { from: days[0], to: days.at(-1) ?? days[0] } : null
  return plan
}

async function planBatch<C extends Collection>(
  plan: ImportPlan,
  collection: C,
  given: unknown[],
  from: number,
): Promise<void> {
  const read = await Promise.all(given.map((value) => readOne(collection, value)))
  const docs = read.filter((doc) => doc !== null)
  read.forEach((doc, index) => {
    if (!doc) plan.refused.push({ line: from + index + 1, why: 'malformed' })
  })
  const present = await getRecords(
    collection,
    docs.map(({ id }) => id),
  )
  docs.forEach((doc, index) => {
    const here = present[index]
    const wanted = here ? merge(collection, null, doc, here) : doc
    if (here && same(here, wanted)) plan.doubles += 1
    else (plan.take[collection] as Clear[C][]).push(wanted)
  })
}

/** Marks and the journey get the ids that every device knows, whatever the file says. */
async function readOne<C extends Collection>(collection: C, value: unknown): Promise<Clear[C] | null> {
  const opened = isObject(value) && isSealed(value) ? await openSealed(collection, value) : value
  const doc = recordOf(collection, opened)
  if (!doc || (collection !== 'marks' && collection !== 'journey')) return doc
  const item = collection === 'marks' ? (doc as Clear['marks']).item : 'journey'
  return { ...doc, id: await wellKnownId(collection, item) }
}

const isSealed = (value: Record<string, unknown>): boolean =>
  Object.keys(value).some((field) => field.startsWith('sealed_'))

/** null: this device has no key for it. */
async function openSealed(collection: Collection, value: Record<string, unknown>): Promise<unknown> {
  if (typeof value['id'] !== 'string') return null
  try {
    const doc = await toClear(await vaultRing(), collection, { ...value, id: value['id'], _deleted: false })
    return 'unreadable' in doc ? null : doc
  } catch (error) {
    if (error instanceof Unreadable) return null
    throw error
  }
}
