import { vi } from 'vitest'

export interface Shown {
  title: string
  options: Omit<NotificationOptions, 'data'> & { data?: unknown }
  close: () => void
}

interface Window {
  visibilityState: string
  focus: () => Promise<Window>
  postMessage: (message: unknown) => void
}

/** A service worker's surroundings: notifications that are shown, and windows of the app. */
export function newScope() {
  const shown: Shown[] = []
  const windows: Window[] = []
  const registration = {
    showNotification: vi.fn((title: string, options: Shown['options']): Promise<void> => {
      const notification: Shown = {
        title,
        options,
        close: () => shown.splice(shown.indexOf(notification), 1),
      }
      const replaced = shown.findIndex(
        (other) => options.tag !== undefined && other.options.tag === options.tag,
      )
      if (replaced >= 0) shown.splice(replaced, 1)
      shown.push(notification)
      return Promise.resolve()
    }),
    getNotifications: () => Promise.resolve(shown.map((one) => ({ ...one, data: one.options.data }))),
    pushManager: { getSubscription: () => Promise.resolve(null), subscribe: vi.fn<() => Promise<null>>() },
  }
  const clients = { matchAll: () => Promise.resolve(windows), openWindow: vi.fn(() => Promise.resolve(null)) }
  const scope = { registration, clients, skipWaiting: vi.fn(() => Promise.resolve()) }
  return { scope: scope as unknown as ServiceWorkerGlobalScope, shown, windows, clients, registration }
}

/** A window of the app that notes what it is told. */
export function newWindow(visibilityState: string): Window & { told: unknown[] } {
  const told: unknown[] = []
  const window = {
    visibilityState,
    told,
    focus: () => Promise.resolve(window),
    postMessage: (m: unknown) => told.push(m),
  }
  return window
}

/** A press on a notification, or on one of its buttons. */
export function press(data: unknown, action = '') {
  const notification = { data, close: vi.fn() }
  return { event: { action, notification } as unknown as NotificationEvent, notification }
}

/** A message as the browser hands it over. */
export function message(text: string): PushMessageData {
  return { text: () => text, json: () => JSON.parse(text) as unknown } as unknown as PushMessageData
}
