// A nudge that was answered on one device is cleared from the others.
import { history } from './plan.ts'

/** Closes notifications shown here whose nudge has an outcome by now; leaves them all where the server is not heard. */
export async function closeAnswered(registration: ServiceWorkerRegistration): Promise<void> {
  const shown = await registration.getNotifications()
  if (!shown.some(nudgeOf)) return
  const sent = await history(20).catch(() => [])
  const answered = new Set(sent.filter(({ outcome }) => outcome).map(({ id }) => id))
  for (const notification of shown) {
    if (answered.has(nudgeOf(notification) ?? '')) notification.close()
  }
}

const nudgeOf = (notification: Notification): string | null =>
  (notification.data as { nudge?: string | null } | null)?.nudge ?? null
