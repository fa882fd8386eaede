// The whole library as one file, kept on the device: a text never opened before is readable offline.
import { api } from '../lib/api.ts'
import type { Bundle } from './types.ts'

const CACHE = 'heartwood-library'
const LOCK = 'heartwood-library'

const addressOf = (version: string, locale: string): string =>
  `/library/bundle?locale=${locale}&v=${encodeURIComponent(version)}`

/** The bundle on this device, or null. */
export async function storedBundle(): Promise<Bundle | null> {
  const cache = await caches.open(CACHE)
  const [newest] = (await cache.keys()).toReversed()
  const answer = newest && (await cache.match(newest))
  return answer ? ((await answer.json()) as Bundle) : null
}

/**
 * Fetches the bundle when the server has another version than `version`; null when there is nothing new. Tabs and
 * the service worker take turns, so that it is downloaded once. Raises Offline or Problem.
 */
export async function fetchNewer(version: string | null, locale: string = 'en'): Promise<Bundle | null> {
  return navigator.locks.request(LOCK, async () => {
    const current = await api.get<{ version: string }>(`/library?locale=${locale}`)
    if (current.version === version) return null
    const stored = await storedBundle()
    if (stored?.version === current.version) return stored
    const address = addressOf(current.version, locale)
    const text = await api.text(address)
    const bundle = JSON.parse(text) as Bundle
    await store(`/api/v1${address}`, text)
    return bundle
  })
}

/** Puts the new one in before the old ones go: there is always one. */
async function store(address: string, text: string): Promise<void> {
  const cache = await caches.open(CACHE)
  const former = await cache.keys()
  await cache.put(address, new Response(text, { headers: { 'content-type': 'application/json' } }))
  await Promise.all(
    former.filter(({ url }) => !url.endsWith(address)).map((request) => cache.delete(request)),
  )
}
