import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SyncResult } from '../../src/sync/engine.ts'

const syncOnce = vi.hoisted(() => vi.fn<() => Promise<SyncResult>>())
vi.mock('../../src/sync/engine.ts', () => ({ syncOnce }))

type Triggers = typeof import('../../src/sync/triggers.ts')
type Channel = typeof import('../../src/lib/channel.ts')

let triggers: Triggers
let channel: Channel
let window: EventTarget
let page: EventTarget

const idle: SyncResult = { status: 'idle', retryAfter: null }
const offline: SyncResult = { status: 'offline', retryAfter: null }
const changed = (by: 'person' | 'server') =>
  channel.announce({ type: 'changed', collection: 'checkins', ids: ['x'], by })

beforeEach(async () => {
  vi.useFakeTimers()
  syncOnce.mockReset().mockResolvedValue(idle)
  window = new EventTarget()
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  // Modules of the tests before are still there: they must not hear this one.
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage = () => undefined
    },
  )
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('document', page)
  vi.resetModules()
  triggers = await import('../../src/sync/triggers.ts')
  channel = await import('../../src/lib/channel.ts')
})
afterEach(() => vi.useRealTimers())

const started = async () => {
  triggers.startSync()
  await vi.advanceTimersByTimeAsync(0)
  syncOnce.mockClear()
}

describe('it syncs', () => {
  it('at the start', async () => {
    triggers.startSync()
    await vi.advanceTimersByTimeAsync(0)
    expect(syncOnce).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['back online', () => window.dispatchEvent(new Event('online'))],
    ['visible again', () => page.dispatchEvent(new Event('visibilitychange'))],
    ['a push arrived', () => channel.announce({ type: 'pushed' })],
  ])('when %s', async (_what, happen) => {
    await started()
    happen()
    await vi.advanceTimersByTimeAsync(0)
    expect(syncOnce).toHaveBeenCalledTimes(1)
  })

  it('once, soon after a burst of changes', async () => {
    await started()
    for (let change = 0; change < 5; change += 1) changed('person')
    expect(syncOnce).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    expect(syncOnce).toHaveBeenCalledTimes(1)
  })

  it('not because of what the server just brought', async () => {
    await started()
    changed('server')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(syncOnce).not.toHaveBeenCalled()
  })

  it('once more when something changed while it ran', async () => {
    await started()
    syncOnce.mockImplementationOnce(async () => {
      await Promise.resolve()
      changed('person')
      return idle
    })
    await triggers.sync()
    expect(syncOnce).toHaveBeenCalledTimes(2)
  })
})

describe('with no answer', () => {
  it('it tries again, ever more slowly, and at once when it is online', async () => {
    syncOnce.mockResolvedValue(offline)
    triggers.startSync()
    await vi.advanceTimersByTimeAsync(60_000)
    const inAMinute = syncOnce.mock.calls.length
    expect(inAMinute).toBeGreaterThan(2)
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(syncOnce.mock.calls.length).toBeLessThan(inAMinute + 30)
    syncOnce.mockClear()
    window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(0)
    expect(syncOnce).toHaveBeenCalledTimes(1)
  })

  it('it waits as long as the server asks', async () => {
    syncOnce.mockResolvedValueOnce({ status: 'offline', retryAfter: 120 })
    triggers.startSync()
    await vi.advanceTimersByTimeAsync(119_000)
    expect(syncOnce).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(syncOnce).toHaveBeenCalledTimes(2)
  })
})
