/** The five mood shapes: the same ring from closed and sunk to open and lifted, over a horizon at y 50 of 64. */

export interface MoodShape {
  /** Where its middle is. */
  y: number
  outer: string
  outerWidth: number
  inner: string
  innerWidth: number
}

export const HORIZON = 50

interface State {
  y: number
  outer: [rx: number, ry: number, width: number]
  inner: [rx: number, ry: number, width: number]
  /** Degrees left open at the top. */
  gap: number
}

const STATES: readonly State[] = [
  { y: 47, outer: [13.6, 12, 8], inner: [5.4, 4.4, 2.4], gap: 0 },
  { y: 41.5, outer: [15.6, 14.8, 6.8], inner: [7.6, 7, 2.6], gap: 54 },
  { y: 34.5, outer: [17.5, 17.5, 5.6], inner: [9.8, 9.8, 2.8], gap: 90 },
  { y: 27, outer: [19.2, 19.2, 4.8], inner: [11.6, 11.6, 3], gap: 128 },
  { y: 20, outer: [21, 21, 4.2], inner: [13.2, 13.2, 3.2], gap: 166 },
]

const round = (value: number) => Math.round(value * 10) / 10

function ring(y: number, rx: number, ry: number, gap: number): string {
  if (gap === 0) return `M${32 - rx} ${y}a${rx} ${ry} 0 1 1 ${rx * 2} 0a${rx} ${ry} 0 1 1 ${-rx * 2} 0z`
  const half = (gap * Math.PI) / 360
  const x = rx * Math.sin(half)
  const top = round(y - ry * Math.cos(half))
  return `M${round(32 + x)} ${top}A${rx} ${ry} 0 1 1 ${round(32 - x)} ${top}`
}

const draw = ({ y, outer, inner, gap }: State): MoodShape => ({
  y,
  outer: ring(y, outer[0], outer[1], gap),
  outerWidth: outer[2],
  inner: ring(y, inner[0], inner[1], gap),
  innerWidth: inner[2],
})

const SHAPES = STATES.map(draw)

/** The shape of a mood from 1 (heavy) to 5 (bright). Raises RangeError for any other. */
export function moodShape(mood: number): MoodShape {
  const shape = SHAPES[mood - 1]
  if (!shape) throw new RangeError(`no mood ${mood}`)
  return shape
}
