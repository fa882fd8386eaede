// A pressed notification: a mood or a pause straight from its buttons, offline too, or the place that it is about.
import { answer, noteOutcome } from '../push/answer.ts'
import { syncOnce } from '../sync/engine.ts'
import type { NudgeData } from './push.ts'

export async function onClick(scope: ServiceWorkerGlobalScope, event: NotificationEvent): Promise<void> {
  event.notification.close()
  const { nudge, opens } = event.notification.data as NudgeData
  const pressed = /^(mood-[1-5]|pause-day)$/.test(event.action)
  // Opening comes first: browsers allow it only while the press is fresh.
  const opening = pressed ? undefined : show(scope, opens)
  // The server is told even where a window takes its time to come.
  const telling = answer(nudge, event.action).finally(syncOnce)
  for (const result of await Promise.allSettled([opening, telling])) {
    if (result.status === 'rejected') throw result.reason
  }
}

/** Swiped away: that is an answer too. */
export async function onClose(event: NotificationEvent): Promise<void> {
  await noteOutcome((event.notification.data as NudgeData).nudge, 'dismissed')
  await syncOnce()
}

/** An open window is told the path, so that what is being written in it stays; else a new one opens. */
async function show(scope: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const windows = await scope.clients.matchAll({ type: 'window' })
  const client = windows.find(({ visibilityState }) => visibilityState === 'visible') ?? windows[0]
  if (!client) {
    await scope.clients.openWindow(path)
    return
  }
  client.postMessage({ type: 'open', path })
  // A browser may refuse to bring it to the front; the place is right all the same.
  await client.focus().catch(() => undefined)
}
