import { fetchNewer, storedBundle } from '../library/bundle.ts'

/** What a page asks for. An update takes over only when the page says so: never in the middle of writing. */
export async function onMessage(scope: ServiceWorkerGlobalScope, data: unknown): Promise<void> {
  if (data === 'skip-waiting') await scope.skipWaiting()
  if (data === 'claim') await scope.clients.claim()
}

/** The library comes with the first install, even if the page is closed again at once. */
export async function fetchLibrary(): Promise<void> {
  try {
    await fetchNewer((await storedBundle())?.version ?? null)
  } catch {
    // No network now: the page asks again at its next start.
  }
}
