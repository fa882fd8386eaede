/**
 * The ring picture: every week is a ring of seven arcs, growing outward from the day it ended.
 * Pure geometry on a square of `SIZE` units; angles run clockwise from twelve o'clock.
 */
import { addDays, daysBetween, type DayKey as Day } from '../lib/dates.ts'
import { stepOf } from './days.ts'

export const SIZE = 340
const CENTRE = SIZE / 2
const BARK = 162
const PITH = 9
const WIDEST = 21
const GAP = 2
const SIDE_GAP = 1.2
const FULL = Math.PI * 2
const ARC = FULL / 7

export interface RingPicture {
  weeks: number
  /** Path data of all arcs of one mood, index 0 for mood 1. */
  moods: string[]
  /** Days that came and went without a check-in. */
  bare: string
  /** Thin circles for rings that are still to come, so that a first week is not lost in space. */
  ahead: string
  /** The arc of today. */
  today: string
}

/** How wide an outline may be in a picture of so many weeks: fine rings want fine lines, and the finest none. */
export const lineWidth = (weeks: number): number => (weeks > 120 ? 0 : Math.min(0.8, 12 / weeks))

/** So many rings without days, from the inside out: for things that are counted. */
export function plainRings(count: number): string[] {
  const step = Math.min(16, (BARK - PITH) / count)
  return Array.from({ length: count }, (_, index) => circle(PITH + step * (index + 1)))
}

interface Ring {
  inner: number
  outer: number
  /** Angle at which its first day begins. */
  start: number
}

/** Real rings are not drawn with compasses: a slow wave of about 2 % of the radius, changing a little on the way out. */
function wave(angle: number, radius: number): number {
  return 1 + 0.013 * Math.sin(2 * angle + 0.7) + 0.01 * Math.sin(3 * angle + 2.2 + radius * 0.012)
}

/** Good years and lean years: how wide ring `index` grew, around 1, the same at every visit. */
function growth(index: number): number {
  const grain = Math.sin(index * 12.9898 + 4.1) * 43758.5453
  return 1 + 0.3 * Math.sin(index * 1.9) + 0.22 * (grain - Math.floor(grain) - 0.5)
}

/** Inner and outer radius of each ring; old wood keeps its place while there is room, then all rings grow finer. */
export function ringRadii(weeks: number): Ring[] {
  const widths = Array.from({ length: weeks }, (_, index) => growth(index))
  const total = widths.reduce((sum, width) => sum + width, 0)
  const unit = Math.min(WIDEST, (BARK - PITH) / total)
  let radius = PITH
  return widths.map((width, index) => {
    const inner = radius
    radius += width * unit
    return { inner, outer: radius, start: turn(index) }
  })
}

/** Rings do not begin at one line, or the days would read as the spokes of a wheel. */
const turn = (index: number): number => 0.3 * Math.sin(index * 2.4)

const fixed = (value: number) => Math.round(value * 10) / 10

function point(angle: number, radius: number): string {
  const r = radius * wave(angle, radius)
  return `${fixed(CENTRE + r * Math.sin(angle))} ${fixed(CENTRE - r * Math.cos(angle))}`
}

function edge(from: number, to: number, radius: number, chord: number): string[] {
  const steps = Math.max(2, Math.ceil((Math.abs(to - from) * radius) / chord))
  const points: string[] = []
  for (let i = 0; i <= steps; i += 1) points.push(point(from + ((to - from) * i) / steps, radius))
  return points
}

/** The closed outline of one day's arc, leaving `GAP` units to its neighbours. */
function arc(ring: Ring, weekday: number, chord: number): string {
  const half = Math.min(GAP, (ring.outer - ring.inner) * 0.3) / 2
  const inner = ring.inner + half
  const outer = ring.outer - half
  const side = Math.min(half, SIDE_GAP / 2)
  const start = ring.start + weekday * ARC
  const outside = edge(start + side / outer, start + ARC - side / outer, outer, chord)
  const inside = edge(start + ARC - side / inner, start + side / inner, inner, chord)
  return `M${[...outside, ...inside].join('L')}Z`
}

function circle(radius: number): string {
  return `M${edge(0, FULL, radius, 6).slice(0, -1).join('L')}Z`
}

/** Rings that would come next, at most until six are seen or the bark is reached. */
function ahead(rings: Ring[]): string {
  let radius = rings.at(-1)?.outer ?? PITH
  const circles: string[] = []
  for (let index = rings.length; index < 7; index += 1) {
    radius += growth(index) * WIDEST
    if (radius > BARK) break
    circles.push(circle(radius))
  }
  return circles.join('')
}

/** `moods` holds the mean mood of each day that has one. Days before `start` are not drawn. */
export function ringPicture(start: Day, today: Day, moods: ReadonlyMap<Day, number>): RingPicture {
  const days = Math.max(0, daysBetween(start, today)) + 1
  const rings = ringRadii(Math.ceil(days / 7))
  const chord = rings.length > 120 ? 18 : rings.length > 60 ? 14 : 5
  const arcs: string[][] = [[], [], [], [], [], []]
  let now = ''
  for (let index = 0; index < days; index += 1) {
    const ring = rings[Math.floor(index / 7)]
    if (!ring) break
    now = arc(ring, index % 7, chord)
    const mood = moods.get(addDays(start, index))
    arcs[mood === undefined ? 0 : stepOf(mood)]?.push(now)
  }
  const [bare = '', ...noted] = arcs.map((shapes) => shapes.join(''))
  return { weeks: rings.length, moods: noted, bare, ahead: ahead(rings), today: now }
}

/** The day under a point of the picture, or null outside the grown wood. */
export function dayAt(x: number, y: number, start: Day, today: Day): Day | null {
  const days = Math.max(0, daysBetween(start, today)) + 1
  const angle = Math.atan2(x - CENTRE, CENTRE - y)
  const distance = Math.hypot(x - CENTRE, y - CENTRE)
  const radius = distance / wave(angle, distance)
  const rings = ringRadii(Math.ceil(days / 7))
  const week = rings.findIndex((ring) => radius >= ring.inner && radius < ring.outer)
  const within = (angle - (rings[week]?.start ?? 0) + 2 * FULL) % FULL
  const index = week * 7 + Math.floor(within / ARC)
  return week >= 0 && index < days ? addDays(start, index) : null
}
