// A push always shows something. Its payload is Declarative Web Push JSON, which Safari also shows by itself.
import { announce } from '../lib/channel.ts'
import { syncOnce } from '../sync/engine.ts'
import { closeAnswered } from '../push/answered.ts'
import { FALLBACK } from './words.ts'

/** What a notification carries for the moment it is pressed. */
export interface NudgeData {
  nudge: string | null
  kind: string | null
  /** A path of the app. */
  opens: string
}

interface Action {
  action: string
  title: string
}

interface Shown {
  title: string
  body: string
  lang?: string | undefined
  dir?: NotificationDirection | undefined
  tag?: string | undefined
  actions?: Action[] | undefined
  data: NudgeData
}

const ICON = '/icons/icon-192.png'
const BADGE = '/icons/badge-96.png'

/** Shows the notification first, then uses the chance to sync. */
export async function onPush(
  scope: ServiceWorkerGlobalScope,
  message: PushMessageData | null,
): Promise<void> {
  const { title, ...rest } = read(message)
  const options = { ...rest, icon: ICON, badge: BADGE } as NotificationOptions
  await scope.registration.showNotification(title, options)
  announce({ type: 'pushed' })
  await syncOnce()
  await closeAnswered(scope.registration)
}

function read(message: PushMessageData | null): Shown {
  try {
    const { notification } = message?.json() as { notification: Record<string, unknown> }
    return shownOf(notification)
  } catch {
    return { ...FALLBACK, tag: 'nudge', data: { nudge: null, kind: null, opens: '/' } }
  }
}

function shownOf(sent: Record<string, unknown>): Shown {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    title: text(sent['title']) ?? FALLBACK.title,
    body: text(sent['body']) ?? '',
    lang: text(sent['lang']),
    dir: text(sent['dir']) as NotificationDirection | undefined,
    tag: text(sent['tag']),
    actions: Array.isArray(sent['actions']) ? (sent['actions'] as Action[]) : undefined,
    data: dataOf((sent['data'] ?? {}) as Record<string, unknown>),
  }
}

function dataOf(sent: Record<string, unknown>): NudgeData {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const opens = text(sent['opens'])
  // Only a path of this app is opened, whatever a payload says.
  const inside = opens?.startsWith('/') && !opens.startsWith('//')
  return { nudge: text(sent['nudge']), kind: text(sent['kind']), opens: inside && opens ? opens : '/' }
}
