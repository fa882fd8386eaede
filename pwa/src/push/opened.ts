// A browser that shows nudges by itself (Declarative Web Push) opens the app at `?nudge=<id>`, with no word to the
// service worker: what the address says is done here, and the address is tidied.
import { go, route } from '../lib/router.svelte.ts'
import { answer } from './answer.ts'

export async function openedFromNudge(): Promise<void> {
  const nudge = route.query.get('nudge')
  if (!nudge) return
  const query = new URLSearchParams(route.query)
  const action = query.get('action') ?? ''
  query.delete('nudge')
  query.delete('action')
  await answer(nudge, action)
  await go(query.size ? `${route.path}?${query}` : route.path, { replace: true })
}
