import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'

type Lock = typeof import('../../src/lock/lock.ts')

let lock: Lock

beforeEach(async () => {
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  lock = await import('../../src/lock/lock.ts')
})

const NOW = Date.UTC(2026, 10, 24, 20)
const SECOND = 1000

/** Wrong PINs at one moment each, as soon as one may be tried. */
async function wrongTries(count: number, now = NOW): Promise<number> {
  let at = now
  for (let tried = 0; tried < count; tried += 1) {
    const known = await lock.readLock()
    at += known ? lock.waitLeft(known, at) : 0
    await lock.tryPin('0000', at)
  }
  return at
}

describe('the PIN', () => {
  it('opens, and no other does', async () => {
    await lock.setPin('4711')
    expect(await lock.tryPin('4712', NOW)).toEqual({ wrong: true, left: 4 })
    expect(await lock.tryPin('4711', NOW)).toBe('open')
  })

  it('is not kept itself', async () => {
    await lock.setPin('4711')
    expect(JSON.stringify(await lock.readLock())).not.toContain('4711')
  })

  it.each(['', '123', '123456789', '12a4', '１２３４'])('is not %j', async (pin) => {
    expect(lock.isPin(pin)).toBe(false)
    await expect(lock.setPin(pin)).rejects.toThrow(RangeError)
    expect(await lock.readLock()).toBeUndefined()
  })

  it('starts the count anew when it is right', async () => {
    await lock.setPin('4711')
    await wrongTries(4)
    expect(await lock.tryPin('4711', NOW)).toBe('open')
    expect(await lock.tryPin('0000', NOW)).toEqual({ wrong: true, left: 4 })
  })
})

describe('the wait after wrong tries', () => {
  it('grows from half a minute to an hour', async () => {
    await lock.setPin('4711')
    const waits: number[] = []
    let at = await wrongTries(4)
    for (let tried = 0; tried < 8; tried += 1) {
      const answer = await lock.tryPin('0000', at)
      const wait = typeof answer === 'object' && 'wait' in answer ? answer.wait : 0
      waits.push(wait / SECOND)
      at += wait
    }
    expect(waits).toEqual([30, 60, 120, 300, 900, 1800, 3600, 3600])
  })

  it('looks at no PIN meanwhile, the right one included', async () => {
    await lock.setPin('4711')
    await wrongTries(5)
    expect(await lock.tryPin('4711', NOW + 29 * SECOND)).toEqual({ wait: SECOND })
    expect(await lock.tryPin('4711', NOW + 30 * SECOND)).toBe('open')
  })

  it('outlives a restart', async () => {
    await lock.setPin('4711')
    await wrongTries(5)
    const { closeDatabase } = await import('../../src/records/database.ts')
    await closeDatabase()
    expect(await lock.tryPin('4711', NOW)).toEqual({ wait: 30 * SECOND })
  })

  it('is no longer than it was when the clock is turned back', async () => {
    await lock.setPin('4711')
    await wrongTries(5)
    expect(await lock.tryPin('4711', NOW - 86_400 * SECOND)).toEqual({ wait: 30 * SECOND })
  })

  it('counts tries of two windows at once', async () => {
    await lock.setPin('4711')
    await Promise.all([lock.tryPin('0000', NOW), lock.tryPin('1111', NOW), lock.tryPin('2222', NOW)])
    expect((await lock.readLock())?.failures).toBe(3)
  })
})

it('the time away and the ways to open are kept side by side', async () => {
  await lock.setPin('4711')
  await lock.setDevice('credential')
  await lock.setAfter(15)
  expect(await lock.readLock()).toMatchObject({ device: 'credential', after: 15 })
  expect(await lock.tryPin('4711', NOW)).toBe('open')
  await lock.dropLock()
  expect(await lock.readLock()).toBeUndefined()
})
