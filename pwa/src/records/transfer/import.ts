// An import carried out in small steps, with a note of what it did so that it can be taken back.
import { wellKnownId } from '../../lib/uuid.ts'
import { dropMeta, getMeta, setMeta } from '../database.ts'
import { editRecord, getRecords, putRecords, removeRecords } from '../repository.ts'
import { same } from '../sealing.ts'
import { blank, COLLECTIONS, type Clear, type Collection } from '../types.ts'
import { countOf, type ImportPlan } from './plan.ts'
import { pause } from './slices.ts'

const BATCH = 200
const META = 'last_import'

const stepKey = (step: number): string => `${META}/${step}`

interface Step {
  collection: Collection
  /** The records as they were before; null for those that were not there. */
  before: (Clear[Collection] | null)[]
  after: Clear[Collection][]
}

export interface Receipt {
  at: string
  count: number
  /** How many steps are noted, each under its own key. */
  steps: number
}

/** The last import, while it can still be taken back. */
export const lastImport = (): Promise<Receipt | undefined> => getMeta<Receipt>(META)

/** Keeps what the plan holds. `progress` hears shares from 0 to 1. Raises NotSaved, and then nothing of it is kept. */
export async function carryOut(
  plan: ImportPlan,
  progress: (share: number) => void = () => undefined,
): Promise<void> {
  try {
    await keepAll(plan, progress)
  } catch (error) {
    // Were this to fail too, the note of what was done is still there, and with it the way to take it back.
    await undoImport().catch(() => undefined)
    throw error
  }
}

async function keepAll(plan: ImportPlan, progress: (share: number) => void): Promise<void> {
  const receipt: Receipt = { at: new Date().toISOString(), count: 0, steps: 0 }
  await forget()
  const total = Math.max(1, countOf(plan))
  await addWords(plan, receipt)
  for (const collection of COLLECTIONS) {
    const docs: Clear[Collection][] = plan.take[collection]
    for (let from = 0; from < docs.length; from += BATCH) {
      await keep(receipt, collection, docs.slice(from, from + BATCH))
      progress(receipt.count / total)
      await pause()
    }
  }
}

async function addWords({ words }: ImportPlan, receipt: Receipt): Promise<void> {
  if (!Object.keys(words.contexts).length && !Object.keys(words.feelings).length) return
  const id = await wellKnownId('journey', 'journey')
  const [now] = await getRecords('journey', [id])
  const journey = now ?? blank('journey', id)
  const feelings = { ...words.feelings, ...journey.words.feelings }
  const contexts = { ...words.contexts, ...journey.words.contexts }
  await keep(receipt, 'journey', [{ ...journey, words: { ...journey.words, feelings, contexts } }], 0)
}

/** The note comes first: a crash in between leaves a note of records that are not there, which undoing passes over. */
async function keep(
  receipt: Receipt,
  collection: Collection,
  after: Clear[Collection][],
  counts: number = after.length,
): Promise<void> {
  const ids = after.map(({ id }) => id)
  const before = (await getRecords(collection, ids)).map((doc) => doc ?? null)
  await setMeta(stepKey(receipt.steps), { collection, before, after } satisfies Step)
  receipt.steps += 1
  receipt.count += counts
  await setMeta(META, receipt)
  await putRecords(collection, after)
}

/** Takes the last import back: new records go, changed ones return to what they were. What was edited since stays. */
export async function undoImport(): Promise<void> {
  const { steps = 0 } = (await lastImport()) ?? {}
  for (let step = steps - 1; step >= 0; step -= 1) {
    const noted = await getMeta<Step>(stepKey(step))
    if (noted) await undoStep(noted)
    await pause()
  }
  await forget()
}

/** The note of the import before: only the last one can be taken back. */
async function forget(): Promise<void> {
  const { steps = 0 } = (await lastImport()) ?? {}
  await dropMeta(META)
  for (let step = 0; step < steps; step += 1) await dropMeta(stepKey(step))
}

async function undoStep({ collection, before, after }: Step): Promise<void> {
  const ids = after.map(({ id }) => id)
  const now = await getRecords(collection, ids)
  const untouched = after.map((doc, index) => same(now[index], doc))
  const gone = ids.filter((_id, index) => untouched[index] && !before[index])
  if (gone.length) await removeRecords(collection, gone)
  for (const [index, doc] of before.entries()) {
    if (doc && untouched[index]) await editRecord(collection, doc.id, () => doc)
  }
}
