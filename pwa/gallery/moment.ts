// The gallery's clock stands still on one evening, so that a picture made today equals one made next year.

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

/** Stops the clock of this page. Call it before anything of the app is loaded. */
export function stopClock(): void {
  globalThis.Date = StillDate as DateConstructor
}
