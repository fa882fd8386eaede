import { mount } from 'svelte'
import { startAccount } from './account/account.svelte.ts'
import { keepTimeZone, keepWrapped } from './account/account.ts'
import { takeJoinCode } from './account/arrived.ts'
import App from './App.svelte'
import { startServiceWorker, watchInstall } from './lib/pwa.svelte.ts'
import { go, startRouter } from './lib/router.svelte.ts'
import { startSettings } from './lib/settings.svelte.ts'
import { startLibrary } from './library/library.svelte.ts'
import { openedFromNudge } from './push/opened.ts'
import { startPush } from './push/push.svelte.ts'
import { stayAway, watchLeaving } from './lock/leave.ts'
import { startLock } from './lock/lock.svelte.ts'
import { getMeta } from './records/database.ts'
import { startRecords } from './records/store.svelte.ts'
import { RESEALING } from './vault/ring.ts'
import { startSyncState } from './sync/state.svelte.ts'
import { startSync } from './sync/triggers.ts'

watchInstall()
takeJoinCode()

/** A change of the key that was cut off goes on. */
async function finishSealing(): Promise<void> {
  if (await getMeta<boolean>(RESEALING)) await (await import('./account/reseal.ts')).reseal()
}

/** What the first screen shows comes first; the network comes after it. */
async function start(): Promise<void> {
  const library = startLibrary()
  await Promise.all([startSettings(), startRecords(), startLock()])
  watchLeaving()
  startRouter()
  mount(App, { target: document.getElementById('app') ?? document.body })
  await Promise.allSettled([startAccount(), startSyncState(), openedFromNudge()])
  if (import.meta.env.PROD) await startServiceWorker((path) => void go(path))
  startSync()
  await Promise.allSettled([library, startPush(), keepTimeZone(), keepWrapped(), finishSealing()])
}

if (!stayAway()) void start()
