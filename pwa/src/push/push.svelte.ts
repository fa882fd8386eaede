// Nudges as the screens see and steer them.
import { createAccount } from '../account/account.ts'
import { api, Problem } from '../lib/api.ts'
import { needsIosHint } from '../lib/pwa.svelte.ts'
import { sync } from '../sync/triggers.ts'
import { noteOutcome } from './answer.ts'
import { closeAnswered } from './answered.ts'
import { getPlan, savePlan, type Outcome, type Plan } from './plan.ts'
import { heal, renew, subscribe, unsubscribe, wantsNudges } from './subscription.ts'

export interface PushState {
  /** This browser can receive nudges (on an iPhone only from the home screen). */
  supported: boolean
  /** An iPhone or iPad in a browser tab: show how to add the app to the home screen first. */
  needsInstall: boolean
  permission: NotificationPermission
  /** Nudges come to this device. */
  subscribed: boolean
}

/** Reactive. */
export const pushState: PushState = $state({
  supported: false,
  needsInstall: false,
  permission: 'default',
  subscribed: false,
})

export type Enabled = 'enabled' | 'denied' | 'dismissed'

async function look(): Promise<void> {
  pushState.supported =
    'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis
  pushState.needsInstall = needsIosHint()
  pushState.permission = 'Notification' in globalThis ? Notification.permission : 'default'
  pushState.subscribed = pushState.permission === 'granted' && (await wantsNudges()) !== undefined
}

/** At the start: how things are, and a lost subscription made good. */
export async function startPush(): Promise<void> {
  await look()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void tidy()
  })
  await tidy()
}

async function tidy(): Promise<void> {
  if (!pushState.subscribed || !navigator.onLine) return
  const registration = await navigator.serviceWorker.ready
  // In this order: a healed subscription may bring a nudge at once, and a Chromium that is asked what it shows while it
  // is about to show one takes it for put away.
  await closeAnswered(registration)
  await heal(registration).catch(() => undefined)
}

/**
 * Switches nudges on. Call it straight from a tap: browsers ask for permission only then. Nothing is made, no
 * account either, unless the person agrees. Raises Offline, Problem, or what the push service says.
 */
export async function enableNudges(change: Partial<Plan> = {}): Promise<Enabled> {
  const permission = await Notification.requestPermission()
  await look()
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'dismissed'
  await createAccount()
  await subscribe(await navigator.serviceWorker.ready)
  await savePlan({ ...(await getPlan()), ...change, enabled: true })
  await look()
  void sync()
  return 'enabled'
}

/** Stops nudges on this device; the others keep theirs. */
export async function disableHere(): Promise<void> {
  await unsubscribe(await navigator.serviceWorker.ready)
  await look()
}

/** Sends one nudge to this device, now. */
export async function test(): Promise<void> {
  await sendTest().catch(async (error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'subscription_gone') throw error
    await renew(await navigator.serviceWorker.ready)
    await sendTest()
  })
}

async function sendTest(): Promise<void> {
  const told = await wantsNudges()
  if (told) await api.post('/push/test', { endpoint: told.endpoint })
}

/** Notes what became of a nudge; kept until there is a network. */
export async function recordOutcome(nudge: string, outcome: Outcome): Promise<void> {
  await noteOutcome(nudge, outcome)
  void sync()
}
