// Word between tabs and the service worker, and within this one.
import type { Collection } from '../records/types.ts'

export type Message =
  | { type: 'changed'; collection: Collection; ids: string[]; by: 'person' | 'server' }
  | { type: 'reset' }
  | { type: 'sync'; state: unknown }
  | { type: 'settings' }
  | { type: 'account' }
  | { type: 'lock' }
  | { type: 'leave' }
  | { type: 'library' }
  | { type: 'pushed' }

const listeners = new Set<(message: Message, own: boolean) => void>()
let channel: BroadcastChannel | null = null

function open(): BroadcastChannel {
  if (!channel) {
    channel = new BroadcastChannel('heartwood')
    channel.onmessage = (event: MessageEvent<Message>) => tell(event.data, false)
  }
  return channel
}

const tell = (message: Message, own: boolean) => listeners.forEach((listener) => listener(message, own))

/** Tells every listener of this tab, of the others, and of the service worker. */
export function announce(message: Message): void {
  open().postMessage(message)
  tell(message, true)
}

/** Hears what is announced. `own` says whether it came from here. Answers how to stop. */
export function onMessage(listener: (message: Message, own: boolean) => void): () => void {
  open()
  listeners.add(listener)
  return () => listeners.delete(listener)
}
