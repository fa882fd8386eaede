import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newDevice, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'

const KEY = 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U'
const OTHER = `${KEY.slice(0, -4)}AAAA`

let server: FakeServer
let phone: Device
let push: typeof import('../../src/push/subscription.ts')
let browser: ReturnType<typeof newBrowser>

beforeEach(async () => {
  server = new FakeServer()
  server.overrides.set('GET /push/key', () => [200, { key: KEY }])
  phone = await newDevice(server)
  push = await import('../../src/push/subscription.ts')
  browser = newBrowser()
})
afterEach(() => phone.closeDatabase())

function newBrowser() {
  const state = { current: null as PushSubscription | null, made: 0 }
  const subscribe = ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
    const endpoint = `https://push.example/${(state.made += 1)}`
    const subscription = {
      endpoint,
      options: { applicationServerKey: applicationServerKey.slice().buffer },
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
      unsubscribe: () => {
        state.current = null
        return Promise.resolve(true)
      },
    }
    state.current = subscription as unknown as PushSubscription
    return Promise.resolve(state.current)
  }
  const pushManager = { getSubscription: () => Promise.resolve(state.current), subscribe }
  return { state, registration: { pushManager } as unknown as ServiceWorkerRegistration }
}

const told = () =>
  server.calls
    .filter(({ path }) => path === '/push/subscriptions')
    .map(({ method, body }) => ({
      method,
      endpoint: (body as { endpoint: string }).endpoint,
    }))

it('a device subscribes with the key of the server and tells it', async () => {
  await push.subscribe(browser.registration, 'My phone')
  expect(server.calls.at(-1)).toMatchObject({
    method: 'PUT',
    body: { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' }, device: 'My phone' },
  })
  expect(await push.wantsNudges()).toMatchObject({ endpoint: 'https://push.example/1', key: KEY })
})

it('a device where nudges were never wanted is left alone', async () => {
  await push.heal(browser.registration)
  expect(server.calls).toEqual([])
})

it('a sound subscription is told again at most once a day', async () => {
  await push.subscribe(browser.registration)
  await push.heal(browser.registration)
  expect(told()).toHaveLength(1)
  vi.setSystemTime(Date.now() + 25 * 3_600_000)
  await push.heal(browser.registration)
  vi.useRealTimers()
  expect(told()).toHaveLength(2)
})

it('a lost subscription is made again, and the old one forgotten by the server', async () => {
  await push.subscribe(browser.registration)
  browser.state.current = null
  await push.heal(browser.registration)
  expect(told()).toEqual([
    { method: 'PUT', endpoint: 'https://push.example/1' },
    { method: 'PUT', endpoint: 'https://push.example/2' },
    { method: 'DELETE', endpoint: 'https://push.example/1' },
  ])
})

it('two that heal at once make one subscription, and take the former one back once', async () => {
  await push.subscribe(browser.registration)
  browser.state.current = null
  await Promise.all([push.heal(browser.registration), push.heal(browser.registration)])
  expect(told().slice(1)).toEqual([
    { method: 'PUT', endpoint: 'https://push.example/2' },
    { method: 'DELETE', endpoint: 'https://push.example/1' },
  ])
})

it('a changed key of the server makes a new subscription at the next opening', async () => {
  await push.subscribe(browser.registration)
  server.overrides.set('GET /push/key', () => [200, { key: OTHER }])
  await push.heal(browser.registration)
  expect(browser.state.made).toBe(2)
  expect(await push.wantsNudges()).toMatchObject({ endpoint: 'https://push.example/2', key: OTHER })
})

it('switching off ends the subscription in the browser and on the server, offline at least in the browser', async () => {
  await push.subscribe(browser.registration)
  server.network = 'down'
  await push.unsubscribe(browser.registration)
  expect(browser.state.current).toBeNull()
  expect(await push.wantsNudges()).toBeUndefined()
})
