// The service worker, its updates, installing, and asking the browser to keep what is stored.
import { serviceWorkerUrl } from './trusted.ts'

interface InstallEvent extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>
}

/** Reactive. */
export const pwa = $state({
  /** A new version is downloaded and waits for `applyUpdate`. */
  update: false,
  /** The browser can install the app: `install()` asks. */
  canInstall: false,
  /** The browser keeps the data even when space is short; null until known. */
  persisted: null as boolean | null,
})

let waiting: ServiceWorker | null = null
let installEvent: InstallEvent | null = null

/** The app runs from the home screen. */
export const standalone = (): boolean =>
  matchMedia('(display-mode: standalone)').matches ||
  (navigator as { standalone?: boolean }).standalone === true

/** iPhone or iPad in a browser tab: there is no install event, the app must show Share, Add to Home Screen. */
export const needsIosHint = (): boolean =>
  'standalone' in navigator && 'ontouchend' in document && !standalone()

/** Lets the waiting version take over; the page loads anew. Never call it while something is being written. */
export const applyUpdate = (): void => waiting?.postMessage('skip-waiting')

export async function install(): Promise<boolean> {
  const answer = await installEvent?.prompt()
  installEvent = null
  pwa.canInstall = false
  return answer?.outcome === 'accepted'
}

/** Asks once there is something worth keeping: after the first check-in. */
export async function keepStorage(): Promise<void> {
  if (!('storage' in navigator) || !('persist' in navigator.storage)) return
  pwa.persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist())
}

function offer(worker: ServiceWorker | null): void {
  if (worker?.state !== 'installed' || !navigator.serviceWorker.controller) return
  waiting = worker
  pwa.update = true
}

function follow(registration: ServiceWorkerRegistration): void {
  offer(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => offer(worker))
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
  })
}

/** Registers the service worker. `open` is called with a path when a notification was pressed. */
export async function startServiceWorker(open: (path: string) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const container = navigator.serviceWorker
  let controlled = container.controller !== null
  container.addEventListener('controllerchange', () => {
    if (controlled) location.reload()
    controlled = true
  })
  container.addEventListener('message', (event: MessageEvent<{ type?: string; path?: string }>) => {
    if (event.data.type === 'open' && event.data.path) open(event.data.path)
  })
  container.startMessages()
  const registration = await container.register(serviceWorkerUrl()).catch(() => null)
  if (registration) follow(registration)
  // A page that was on its way while the first version took over was missed by it, and would stay without.
  void container.ready.then(({ active }) => container.controller ?? active?.postMessage('claim'))
}

/** Listens for the install event, which comes early: call it before anything is awaited. */
export function watchInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    installEvent = event as InstallEvent
    pwa.canInstall = true
  })
  addEventListener('appinstalled', () => (pwa.canInstall = false))
}
