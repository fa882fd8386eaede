/// <reference lib="webworker" />
import { callInBackground } from './lib/api.ts'
import { onClick, onClose } from './sw/click.ts'
import { fetchLibrary, onMessage } from './sw/lifecycle.ts'
import { answerFrom, dropOldFiles, keepFiles } from './sw/offline.ts'
import { onPush } from './sw/push.ts'
import { onSubscriptionChange } from './sw/subscription.ts'

declare const self: ServiceWorkerGlobalScope

const files = __PRECACHE__

callInBackground()

self.addEventListener('install', (event) => event.waitUntil(Promise.all([keepFiles(files), fetchLibrary()])))
// The first install takes the open page over at once; an update waits until the page says so.
self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([self.clients.claim(), dropOldFiles(files)])),
)
self.addEventListener('message', (event) => event.waitUntil(onMessage(self, event.data)))
self.addEventListener('fetch', (event) => {
  const answer = answerFrom(files, event.request)
  if (answer) event.respondWith(answer)
})

self.addEventListener('push', (event) => event.waitUntil(onPush(self, event.data)))
self.addEventListener('notificationclick', (event) => event.waitUntil(onClick(self, event)))
self.addEventListener('notificationclose', (event) => event.waitUntil(onClose(event)))
self.addEventListener('pushsubscriptionchange', (event) => {
  ;(event as ExtendableEvent).waitUntil(onSubscriptionChange(self))
})
