/// <reference lib="webworker" />
import { onClick, onClose } from './sw/click.ts'
import { fetchLibrary, onMessage } from './sw/lifecycle.ts'
import { callInBackground } from './lib/api.ts'
import { serveOffline } from './sw/offline.ts'
import { onPush } from './sw/push.ts'
import { onSubscriptionChange } from './sw/subscription.ts'

declare const self: ServiceWorkerGlobalScope

callInBackground()
serveOffline(__PRECACHE__)

self.addEventListener('install', (event) => event.waitUntil(fetchLibrary()))
// The first install takes the open page over at once; an update waits until the page says so.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => event.waitUntil(onMessage(self, event.data)))

self.addEventListener('push', (event) => event.waitUntil(onPush(self, event.data)))
self.addEventListener('notificationclick', (event) => event.waitUntil(onClick(self, event)))
self.addEventListener('notificationclose', (event) => event.waitUntil(onClose(event)))
self.addEventListener('pushsubscriptionchange', (event) => {
  ;(event as ExtendableEvent).waitUntil(onSubscriptionChange(self))
})
