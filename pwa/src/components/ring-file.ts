/** The ring picture as a file of its own, in the colours that are on the screen. */
import { lineWidth, ringPicture, SIZE, type RingPicture } from '../insights/rings.ts'
import type { DayKey } from '../lib/dates.ts'
import { download } from './download.ts'

const PIXELS = 1360

interface Layer {
  d: string
  fill: string
  stroke: string
  width: number
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const pith = `M${SIZE / 2 - 3.5} ${SIZE / 2}a3.5 3.5 0 1 1 7 0a3.5 3.5 0 1 1 -7 0z`

function layers(picture: RingPicture): Layer[] {
  const width = lineWidth(picture.weeks)
  const moods = picture.moods.map((d, index) => ({
    d,
    fill: token(`--mood-${index + 1}`),
    stroke: token(`--edge-${index + 1}`),
    width,
  }))
  const bare = { d: picture.bare, fill: 'none', stroke: token('--line-strong'), width }
  return [bare, ...moods, { d: pith, fill: token('--wood'), stroke: 'none', width: 0 }].filter(({ d }) => d)
}

export function ringSvg(start: DayKey, today: DayKey, moods: ReadonlyMap<DayKey, number>): string {
  const paths = layers(ringPicture(start, today, moods)).map(
    ({ d, fill, stroke, width }) =>
      `<path d="${d}" fill="${fill}" stroke="${stroke}" stroke-width="${width}"/>`,
  )
  const ground = `<rect width="${SIZE}" height="${SIZE}" fill="${token('--paper')}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" stroke-linejoin="round">${ground}${paths.join('')}</svg>`
}

export async function saveRingsAsPng(
  start: DayKey,
  today: DayKey,
  moods: ReadonlyMap<DayKey, number>,
): Promise<void> {
  const canvas = new OffscreenCanvas(PIXELS, PIXELS)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = token('--paper')
  context.fillRect(0, 0, PIXELS, PIXELS)
  context.scale(PIXELS / SIZE, PIXELS / SIZE)
  context.lineJoin = 'round'
  for (const { d, fill, stroke, width } of layers(ringPicture(start, today, moods))) {
    const path = new Path2D(d)
    context.lineWidth = width
    context.fillStyle = fill
    context.strokeStyle = stroke
    if (fill !== 'none') context.fill(path)
    if (stroke !== 'none') context.stroke(path)
  }
  download('heartwood-rings.png', await canvas.convertToBlob({ type: 'image/png' }))
}

export function saveRingsAsSvg(start: DayKey, today: DayKey, moods: ReadonlyMap<DayKey, number>): void {
  download('heartwood-rings.svg', new Blob([ringSvg(start, today, moods)], { type: 'image/svg+xml' }))
}
