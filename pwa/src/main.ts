import { stored } from './stored.ts'
import { mount } from 'svelte'
import { startAccount } from './account/account.svelte.ts'
import { keepTimeZone, keepWrapped } from './account/account.ts'
import { takeJoinCode } from './account/arrived.ts'
import App from './App.svelte'
import { startServiceWorker, watchInstall } from './lib/pwa.svelte.ts'
import { go, startRouter } from './lib/router.svelte.ts'
import { startLibrary } from './library/library.svelte.ts'
import { openedFromNudge } from './push/opened.ts'
import { startPush } from './push/push.svelte.ts'
import { stay, stayAway, watchLeaving } from './lock/leave.ts'
import { getMeta } from './records/database.ts'
import { RESEALING } from './vault/ring.ts'
import { loadScreens } from './screens/index.svelte.ts'
import { startSyncState } from './sync/state.svelte.ts'
import { startSync } from './sync/triggers.ts'

const LONGEST_PAINT_MS = 500

watchInstall()
takeJoinCode()

/** A change of the key that was cut off goes on. */
async function finishSealing(): Promise<void> {
  if (await getMeta<boolean>(RESEALING)) await (await import('./account/reseal.ts')).reseal()
}

/** The screen is there; or, in a tab behind others where nothing is painted, its turn has passed. */
const painted = (): Promise<unknown> =>
  new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done))
    setTimeout(done, LONGEST_PAINT_MS)
  })

/** What the page of a first visit showed does not arrive a second time. */
const haveArrived = (): void => {
  for (const animation of document.getAnimations()) animation.finish()
}

/** What the first screen shows comes first; the network comes after it. */
async function start(): Promise<void> {
  const library = startLibrary()
  const target = document.getElementById('app') ?? document.body
  const drawn = target.hasChildNodes()
  const [there] = await Promise.all([
    loadScreens(location.pathname).then(
      () => true,
      () => false,
    ),
    stored,
  ])
  // Where its screen does not come, what can be read already stays.
  if (drawn && !there) return
  watchLeaving()
  startRouter(loadScreens)
  target.replaceChildren()
  mount(App, { target })
  if (drawn) haveArrived()
  await painted()
  stay()
  await Promise.allSettled([loadScreens('/read'), startAccount(), startSyncState(), openedFromNudge()])
  if (import.meta.env.PROD) await startServiceWorker((path) => void go(path))
  startSync()
  await Promise.allSettled([
    loadScreens(),
    library,
    startPush(),
    keepTimeZone(),
    keepWrapped(),
    finishSealing(),
  ])
}

if (!stayAway()) void start()
