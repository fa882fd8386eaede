// What a person does with a nudge: kept here first, told to the server when there is a network. Used by the service
// worker, and by the page where the browser shows nudges by itself.
import { uuid7 } from '../lib/uuid.ts'
import { putRecords } from '../records/repository.ts'
import { blank, type Mood } from '../records/types.ts'
import { queueCall } from '../sync/calls.ts'
import type { Outcome } from './plan.ts'

const DAY_MS = 86_400_000

/**
 * Does what a button of a notification says: `mood-1` to `mood-5` checks in, `pause-day` keeps a day quiet. Anything
 * else is a press on the notification itself. Answers whether a button was meant.
 */
export async function answer(nudge: string | null, action: string): Promise<boolean> {
  const mood = /^mood-([1-5])$/.exec(action)?.[1]
  if (mood) await checkIn(Number(mood) as Mood)
  else if (action === 'pause-day') await pauseDay()
  const outcome = mood ? 'checked_in' : action === 'pause-day' ? 'paused' : 'opened'
  await noteOutcome(nudge, outcome)
  return outcome !== 'opened'
}

/** Notes what became of a nudge, to be sent with the next sync. */
export async function noteOutcome(nudge: string | null, outcome: Outcome): Promise<void> {
  if (nudge) await queueCall(`/nudges/${encodeURIComponent(nudge)}/outcome`, { outcome })
}

async function checkIn(mood: Mood): Promise<void> {
  const felt = { ...blank('checkins', uuid7()), mood, felt_at: new Date().toISOString() }
  await putRecords('checkins', [felt])
}

/** A pause that could not be sent within the day would silence a day that nobody meant. */
const pauseDay = (): Promise<void> =>
  queueCall('/nudges/pause', { for: 'day' }, new Date(Date.now() + DAY_MS))
