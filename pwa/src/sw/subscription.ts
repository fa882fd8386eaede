import { subscribe, wantsNudges } from '../push/subscription.ts'

/** The browser dropped or renewed the subscription: the server is told, else no nudge would come any more. */
export async function onSubscriptionChange(scope: ServiceWorkerGlobalScope): Promise<void> {
  if (await wantsNudges()) await subscribe(scope.registration).catch(() => undefined)
}
