// A pressed notification: a mood or a pause straight from its buttons, offline too, or the place that it is about.
import { uuid7 } from '../lib/uuid.ts'
import { putRecords } from '../records/repository.ts'
import { blank, type Mood } from '../records/types.ts'
import { queueCall } from '../sync/calls.ts'
import { syncOnce } from '../sync/engine.ts'
import type { Outcome } from '../push/plan.ts'
import type { NudgeData } from './push.ts'

const DAY_MS = 86_400_000

export async function onClick(scope: ServiceWorkerGlobalScope, event: NotificationEvent): Promise<void> {
  event.notification.close()
  const data = event.notification.data as NudgeData
  const mood = /^mood-([1-5])$/.exec(event.action)?.[1]
  if (mood) await checkIn(Number(mood) as Mood, data)
  else if (event.action === 'pause-day') await pauseDay(data)
  else await open(scope, data)
  await syncOnce()
}

/** Swiped away: that is an answer too. */
export async function onClose(event: NotificationEvent): Promise<void> {
  await note(event.notification.data as NudgeData, 'dismissed')
  await syncOnce()
}

async function checkIn(mood: Mood, data: NudgeData): Promise<void> {
  const felt = { ...blank('checkins', uuid7()), mood, felt_at: new Date().toISOString() }
  await putRecords('checkins', [felt])
  await note(data, 'checked_in')
}

/** A pause that could not be sent within the day would silence a day that nobody meant. */
async function pauseDay(data: NudgeData): Promise<void> {
  await queueCall('/nudges/pause', { for: 'day' }, new Date(Date.now() + DAY_MS))
  await note(data, 'paused')
}

async function open(scope: ServiceWorkerGlobalScope, data: NudgeData): Promise<void> {
  const [noted] = await Promise.allSettled([note(data, 'opened'), show(scope, data.opens)])
  if (noted.status === 'rejected') console.error(noted.reason)
}

/** An open window is told the path, so that what is being written in it stays; else a new one opens. */
async function show(scope: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const windows = await scope.clients.matchAll({ type: 'window' })
  const client = windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0]
  if (!client) {
    await scope.clients.openWindow(path)
    return
  }
  const focused = await client.focus()
  focused.postMessage({ type: 'open', path })
}

async function note({ nudge }: NudgeData, outcome: Outcome): Promise<void> {
  if (nudge) await queueCall(`/nudges/${nudge}/outcome`, { outcome })
}
