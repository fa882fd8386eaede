// The gallery's clock and its chance stand still, so that a picture made today equals one made next year.
import { dice } from './dice.ts'

/** A Tuesday evening, 20:14 where the tests' browser is. */
export const MOMENT = '2026-11-24T20:14:00.000Z'

const fixed = Date.parse(MOMENT)
const RealDate = Date

class StillDate extends RealDate {
  constructor(...given: [] | [number | string | Date] | [number, number, number?, number?, number?]) {
    if (given.length === 0) super(fixed)
    else super(...(given as [number]))
  }
  static override now(): number {
    return fixed
  }
}

/** Timers from this on count time that people see pass. */
const SEEN_MS = 1000

/** Stops the clock of this page, and all that counts seconds. Call it before anything of the app is loaded. */
export function stopClock(): void {
  globalThis.Date = StillDate as DateConstructor
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const real = globalThis[name].bind(globalThis) as (work: TimerHandler, after?: number) => number
    const still = (work: TimerHandler, after = 0) => (after < SEEN_MS ? real(work, after) : 0)
    globalThis[name] = still as unknown as typeof setTimeout & typeof setInterval
  }
}

/** Codes are the same each time. */
export function stopChance(): void {
  const chance = dice(23)
  crypto.getRandomValues = <T extends ArrayBufferView | null>(into: T): T => {
    if (into) {
      const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
      bytes.forEach((_, index) => (bytes[index] = chance.below(256)))
    }
    return into
  }
}
