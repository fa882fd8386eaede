/** An urge over ten minutes: it swells, stands, and goes down. Width 320, height 120, water line at the bottom. */

const WIDTH = 320
const LOW = 104
const HIGH = 22
const PEAK = 0.42
const STEPS = 64

/** Height of the swell between 0 and 1 at a share of its time; the top comes a little before the middle. */
function swell(share: number): number {
  const warped = share < PEAK ? (share / PEAK) * 0.5 : 0.5 + ((share - PEAK) / (1 - PEAK)) * 0.5
  return Math.sin(Math.PI * warped) ** 2
}

export interface Point {
  x: number
  y: number
}

export function wavePoint(share: number): Point {
  const at = Math.min(1, Math.max(0, share))
  return { x: at * WIDTH, y: LOW - (LOW - HIGH) * swell(at) }
}

const pathOf = (points: Point[]) =>
  `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`

/** The outline up to a share of its time. */
export function waveLine(until = 1): string {
  const steps = Math.max(1, Math.round(STEPS * until))
  return pathOf(Array.from({ length: steps + 1 }, (_, index) => wavePoint((until * index) / steps)))
}

/** The water under it, up to a share of its time. */
export const waveBody = (until = 1): string => `${waveLine(until)}V120H0Z`
