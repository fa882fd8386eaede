import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newDevice, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'
import { message, newScope, newWindow, press } from './support.ts'

const NUDGE = '019ab1c2-3d4e-7f50-8a6b-7c8d9e0f1a20'
const PAYLOAD = {
  web_push: 8030,
  notification: {
    title: 'A quiet minute',
    body: 'If you have one.',
    lang: 'en',
    dir: 'auto',
    tag: 'nudge-2026-11-24T20:30',
    navigate: `https://heartwood.example/read/readings/boundaries?nudge=${NUDGE}`,
    actions: [{ action: 'pause-day', title: 'Not today', navigate: 'https://heartwood.example/' }],
    data: { nudge: NUDGE, kind: 'read', opens: '/read/readings/boundaries' },
  },
}
const DATA = PAYLOAD.notification.data

let server: FakeServer
let phone: Device
let scope: ReturnType<typeof newScope>
let handlers: typeof import('../../src/sw/push.ts') & typeof import('../../src/sw/click.ts')

beforeEach(async () => {
  server = new FakeServer()
  server.overrides.set('GET /nudges', () => [200, { items: [], after: null }])
  phone = await newDevice(server)
  handlers = { ...(await import('../../src/sw/push.ts')), ...(await import('../../src/sw/click.ts')) }
  scope = newScope()
})
afterEach(() => phone.closeDatabase())

const calls = async () =>
  (await (await phone.database()).getAll('calls')).map(({ path, body }) => ({ path, body }))
const sent = () =>
  server.calls.filter(({ path }) => path.startsWith('/nudges/')).map(({ path, body }) => ({ path, body }))
const outcome = (what: string) => ({ path: `/nudges/${NUDGE}/outcome`, body: { outcome: what } })

describe('a push', () => {
  it('is shown as the server wrote it, and lets the device sync', async () => {
    await handlers.onPush(scope.scope, message(JSON.stringify(PAYLOAD)))
    expect(scope.shown).toHaveLength(1)
    expect(scope.shown[0]).toMatchObject({
      title: 'A quiet minute',
      options: { body: 'If you have one.', tag: 'nudge-2026-11-24T20:30', data: DATA },
    })
    expect(server.calls.some(({ path }) => path.startsWith('/sync/checkins/pull'))).toBe(true)
  })

  it.each([
    ['nothing in it', null],
    ['something that is no JSON', message('hello')],
    ['another shape', message('{"a":1}')],
    ['null', message('null')],
    ['wrong types', message('{"notification":{"title":7,"actions":{},"data":"x"}}')],
  ])('with %s still shows something', async (_what, data) => {
    await handlers.onPush(scope.scope, data)
    expect(scope.shown).toHaveLength(1)
    expect(scope.shown[0]?.title).toBe('Heartwood')
  })

  it('is shown with no network', async () => {
    server.network = 'down'
    await handlers.onPush(scope.scope, message(JSON.stringify(PAYLOAD)))
    expect(scope.shown).toHaveLength(1)
  })

  it('sent twice is shown once', async () => {
    await handlers.onPush(scope.scope, message(JSON.stringify(PAYLOAD)))
    await handlers.onPush(scope.scope, message(JSON.stringify(PAYLOAD)))
    expect(scope.shown).toHaveLength(1)
  })

  it('clears a nudge that was answered on another device', async () => {
    await handlers.onPush(scope.scope, message(JSON.stringify(PAYLOAD)))
    server.overrides.set('GET /nudges', () => [
      200,
      { items: [{ id: NUDGE, outcome: 'opened' }], after: null },
    ])
    const next = { notification: { title: 'Next', tag: 'other', data: { nudge: 'next' } } }
    await handlers.onPush(scope.scope, message(JSON.stringify(next)))
    expect(scope.shown.map(({ title }) => title)).toEqual(['Next'])
  })
})

describe('a press on the notification', () => {
  it('opens the place that it is about, and says so', async () => {
    const { event, notification } = press(DATA)
    await handlers.onClick(scope.scope, event)
    expect(notification.close).toHaveBeenCalled()
    expect(scope.clients.openWindow).toHaveBeenCalledWith('/read/readings/boundaries')
    expect(sent()).toEqual([outcome('opened')])
  })

  it('tells the window that is open, the visible one first, instead of loading it anew', async () => {
    const [hidden, visible] = [newWindow('hidden'), newWindow('visible')]
    scope.windows.push(hidden, visible)
    await handlers.onClick(scope.scope, press(DATA).event)
    expect(visible.told).toEqual([{ type: 'open', path: '/read/readings/boundaries' }])
    expect(hidden.told).toEqual([])
    expect(scope.clients.openWindow).not.toHaveBeenCalled()
  })

  it('tells the window although the browser will not bring it to the front', async () => {
    const window = {
      ...newWindow('hidden'),
      focus: () => Promise.reject(new DOMException('no', 'InvalidAccessError')),
    }
    scope.windows.push(window)
    await handlers.onClick(scope.scope, press(DATA).event)
    expect(window.told).toHaveLength(1)
    expect(sent()).toEqual([outcome('opened')])
  })

  it('tells the server although the window takes its time to come to the front', async () => {
    scope.windows.push({ ...newWindow('hidden'), focus: () => new Promise(() => undefined) })
    void handlers.onClick(scope.scope, press(DATA).event)
    await vi.waitFor(() => expect(sent()).toEqual([outcome('opened')]))
  })

  it.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)', 7, null])(
    'never leads out of the app, whatever the payload says: %s',
    async (opens) => {
      const payload = { notification: { title: 'x', data: { ...DATA, opens } } }
      await handlers.onPush(scope.scope, message(JSON.stringify(payload)))
      await handlers.onClick(scope.scope, press(scope.shown[0]?.options.data).event)
      expect(scope.clients.openWindow).toHaveBeenCalledWith('/')
    },
  )
})

describe('a button of the notification', () => {
  it('checks in without opening the app, and the server gets it', async () => {
    await handlers.onClick(scope.scope, press(DATA, 'mood-2').event)
    expect(await phone.allOf('checkins')).toMatchObject([{ mood: 2, feelings: [], note: null }])
    expect(server.live('checkins')).toMatchObject([{ mood: 2 }])
    expect(sent()).toEqual([outcome('checked_in')])
    expect(scope.clients.openWindow).not.toHaveBeenCalled()
  })

  it('checks in offline too: the check-in and the outcome wait for the network', async () => {
    server.network = 'down'
    await handlers.onClick(scope.scope, press(DATA, 'mood-4').event)
    expect(await phone.allOf('checkins')).toMatchObject([{ mood: 4 }])
    expect(await calls()).toEqual([outcome('checked_in')])
    server.network = 'up'
    await phone.syncOnce()
    expect(server.live('checkins')).toMatchObject([{ mood: 4 }])
    expect(sent()).toEqual([outcome('checked_in')])
  })

  it('pauses for a day, unless the day is over before there is a network', async () => {
    vi.setSystemTime('2026-11-24T20:30:00Z')
    server.network = 'down'
    await handlers.onClick(scope.scope, press(DATA, 'pause-day').event)
    server.network = 'up'
    vi.setSystemTime('2026-11-26T08:00:00Z')
    await phone.syncOnce()
    vi.useRealTimers()
    expect(sent()).toEqual([outcome('paused')])
  })

  it('put away is noted as put away', async () => {
    await handlers.onClose(press(DATA).event)
    expect(sent()).toEqual([outcome('dismissed')])
  })
})
