// This device's push subscription, made and healed. Shared by the page and the service worker.
import { api } from '../lib/api.ts'
import { fromBase64Url, toBase64Url } from '../lib/base64url.ts'
import { dropMeta, getMeta, setMeta } from '../records/database.ts'

/** What the server was told last; its presence means: nudges are wanted on this device. */
export interface Told {
  endpoint: string
  key: string
  at: string
}

export const TOLD = 'push'
const REPEAT_MS = 24 * 3_600_000

export const wantsNudges = (): Promise<Told | undefined> => getMeta<Told>(TOLD)

/** Subscribes (again where the server's key changed) and tells the server. Raises what the browser or server raise. */
export async function subscribe(registration: ServiceWorkerRegistration, device?: string): Promise<void> {
  await alone(async () => subscribeWith(registration, await serverKey(), device))
}

/** Page and worker, or two tabs, do not take the same former subscription back twice. */
const alone = (work: () => Promise<void>): Promise<void> => navigator.locks.request('heartwood-push', work)

const serverKey = async (): Promise<string> => (await api.get<{ key: string }>('/push/key')).key

async function subscribeWith(
  registration: ServiceWorkerRegistration,
  key: string,
  device?: string,
): Promise<void> {
  const subscription = await subscriptionFor(registration, key)
  const former = await wantsNudges()
  await api.put('/push/subscriptions', { ...subscription.toJSON(), ...(device && { device }) })
  await setMeta(TOLD, { endpoint: subscription.endpoint, key, at: new Date().toISOString() } satisfies Told)
  if (former && former.endpoint !== subscription.endpoint) await forget(former.endpoint)
}

async function subscriptionFor(
  registration: ServiceWorkerRegistration,
  key: string,
): Promise<PushSubscription> {
  const existing = await registration.pushManager.getSubscription()
  if (existing && keyOf(existing) === key) return existing
  await existing?.unsubscribe()
  return registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: fromBase64Url(key),
  })
}

function keyOf(subscription: PushSubscription): string | null {
  const key = subscription.options.applicationServerKey
  return key && toBase64Url(new Uint8Array(key))
}

/** Makes a new subscription where the push service no longer knows the old one. */
export async function renew(registration: ServiceWorkerRegistration): Promise<void> {
  await (await registration.pushManager.getSubscription())?.unsubscribe()
  await subscribe(registration)
}

/** Ends this device's subscription, here and on the server. */
export async function unsubscribe(registration: ServiceWorkerRegistration): Promise<void> {
  const subscription = await registration.pushManager.getSubscription()
  const endpoint = subscription?.endpoint ?? (await wantsNudges())?.endpoint
  await dropMeta(TOLD)
  await subscription?.unsubscribe()
  if (endpoint) await forget(endpoint)
}

/** Makes good a lost subscription or a changed key; a sound one is told again at most once a day. */
export async function heal(registration: ServiceWorkerRegistration): Promise<void> {
  await alone(() => healed(registration))
}

async function healed(registration: ServiceWorkerRegistration): Promise<void> {
  const told = await wantsNudges()
  if (!told) return
  const [subscription, key] = await Promise.all([registration.pushManager.getSubscription(), serverKey()])
  const fresh = Date.now() - Date.parse(told.at) < REPEAT_MS
  if (fresh && key === told.key && subscription?.endpoint === told.endpoint) return
  await subscribeWith(registration, key)
}

async function forget(endpoint: string): Promise<void> {
  await api.delete('/push/subscriptions', { endpoint }).catch(() => undefined)
}
