// A browser that shows nudges by itself (Declarative Web Push) opens the app at `?nudge=<id>`, with no word to the
// service worker: what the address says is noted here, and the address is tidied.
import { go, route } from '../lib/router.svelte.ts'
import { queueCall } from '../sync/calls.ts'

export async function openedFromNudge(): Promise<void> {
  const nudge = route.query.get('nudge')
  if (!nudge) return
  const query = new URLSearchParams(route.query)
  query.delete('nudge')
  const rest = query.size ? `?${query}` : ''
  await queueCall(`/nudges/${encodeURIComponent(nudge)}/outcome`, { outcome: 'opened' })
  await go(route.path + rest, { replace: true })
}
