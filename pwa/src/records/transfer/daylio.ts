// Daylio's CSV export: full_date,date,weekday,time,mood,activities,note_title,note (older ones have no note_title).
// Moods and activities have the names that the person or the app's language gave them; full_date is the same in all
// languages, the time may be of twelve or twenty-four hours.
import { dayKey } from '../../lib/dates.ts'
import { uuid7 } from '../../lib/uuid.ts'
import { MOST_BYTES } from '../../vault/vault.ts'
import { blank, type CheckIn, type Mood } from '../types.ts'
import { parseCsv, type CsvRow } from './csv.ts'
import { foldName, GIVEN_MOODS } from './daylio-words.ts'
import { emptyPlan, type ImportPlan, type Refused } from './plan.ts'
import { inSlices } from './slices.ts'

export interface DaylioRow {
  line: number
  /** UTC, RFC 3339. */
  felt_at: string
  mood: string
  activities: string[]
  note: string | null
}

export interface DaylioFile {
  rows: DaylioRow[]
  refused: Refused[]
  /** The names of the moods, the most frequent first. */
  moods: string[]
}

/** Names to ids: the app's own and the person's words, for feelings and contexts. */
export interface Vocabulary {
  feelings: Record<string, string>
  contexts: Record<string, string>
}

const DAY_MS = 86_400_000
const MOST_ACTIVITIES = 40
const NEEDED = ['full_date', 'time', 'mood']

/** True when the text begins like Daylio's table. */
export function isDaylio(text: string): boolean {
  const [head] = parseCsv(text.slice(0, 2000))
  return NEEDED.every((name) => head?.cells.some((cell) => cell.trim() === name))
}

/** Reads the table. What cannot be read is listed with its line; the page stays responsive throughout. */
export async function readDaylio(text: string): Promise<DaylioFile> {
  const file: DaylioFile = { rows: [], refused: [], moods: [] }
  const counts = new Map<string, number>()
  let columns: Map<string, number> | null = null
  await inSlices(parseCsv(text), (row) => {
    if (!columns) columns = new Map(row.cells.map((name, index) => [name.trim(), index]))
    else take(file, counts, row, columns)
  })
  file.moods = [...counts].sort(([, one], [, other]) => other - one).map(([name]) => name)
  return file
}

function take(
  file: DaylioFile,
  counts: Map<string, number>,
  row: CsvRow,
  columns: Map<string, number>,
): void {
  const cell = (name: string) => row.cells[columns.get(name) ?? -1]?.trim() ?? ''
  const found = readRow(row.line, cell)
  if ('why' in found) {
    file.refused.push(found)
    return
  }
  file.rows.push(found)
  counts.set(found.mood, (counts.get(found.mood) ?? 0) + 1)
}

function readRow(line: number, cell: (name: string) => string): DaylioRow | Refused {
  const [day, time, mood] = [readDay(cell('full_date')), readTime(cell('time')), cell('mood')]
  if (!day) return { line, why: 'no_date' }
  if (!time) return { line, why: 'no_time' }
  if (!mood) return { line, why: 'no_mood' }
  const at = new Date(day.year, day.month - 1, day.date, time.hours, time.minutes)
  if (at.getTime() > Date.now() + DAY_MS) return { line, why: 'future' }
  const note = [cell('note_title'), cell('note')].map(plainText).filter(Boolean).join('\n\n')
  if (new TextEncoder().encode(note).length > MOST_BYTES) return { line, why: 'too_long' }
  const activities = cell('activities')
    .split('|')
    .map((name) => name.trim())
  return { line, felt_at: at.toISOString(), mood, activities: activities.filter(Boolean), note: note || null }
}

function readDay(text: string): { year: number; month: number; date: number } | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)?.slice(1).map(Number)
  const [year = 0, month = 0, date = 0] = parts ?? []
  const at = new Date(year, month - 1, date)
  return parts && year > 1900 && at.getMonth() === month - 1 && at.getDate() === date
    ? { year, month, date }
    : null
}

/** '20:14', '8:14 PM', '8.14 p. m.', '午後8:14': the numbers, and whether it is the afternoon. */
function readTime(text: string): { hours: number; minutes: number } | null {
  const ascii = text.normalize('NFKC').toLowerCase()
  const parts = /(\d{1,2})[:.h](\d{2})/.exec(ascii)?.slice(1).map(Number)
  const [hours = 99, minutes = 99] = parts ?? []
  const afternoon = /(^|[^a-z])p\.?\s?m|午後|下午|오후|μ\.?μ|م/.test(ascii)
  const morning = /(^|[^a-z])a\.?\s?m|午前|上午|오전|π\.?μ|ص/.test(ascii)
  const full = afternoon && hours < 12 ? hours + 12 : morning && hours === 12 ? 0 : hours
  return full < 24 && minutes < 60 ? { hours: full, minutes } : null
}

/** Newer exports hold notes as HTML. */
function plainText(html: string): string {
  return html
    .replace(/<br\s*\/?>|<\/(?:div|p|li|h\d)>/gi, '\n')
    .replace(/<\/?(?:b|i|u|s|em|strong|strike|span|font|small|big|div|p|ul|ol|li|h\d)(?:\s[^<>]*)?>/gi, '')
    .replace(/&(nbsp|lt|gt|quot|#39|amp);/g, (_whole, name: string) => ENTITIES[name] ?? '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const ENTITIES: Record<string, string> = { nbsp: ' ', lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }

/** The mood that each name most likely stands for: the app's own names in many languages; null for all others. */
export function guessMoods(names: string[]): Record<string, Mood | null> {
  return Object.fromEntries(names.map((name) => [name, GIVEN_MOODS.get(foldName(name)) ?? null]))
}

/**
 * What the file would add. `moods` says which mood each name stands for; rows of a name without one are refused.
 * Entries of the same minute and mood as one that is here, or that came before in the file, are doubles.
 */
export async function planDaylio(
  file: DaylioFile,
  moods: Record<string, Mood | null>,
  present: readonly CheckIn[],
  vocabulary: Vocabulary,
): Promise<ImportPlan> {
  const plan = { ...emptyPlan(), refused: [...file.refused] }
  const known = new Set(present.map(keyOf))
  const ids = new Ids(vocabulary)
  await inSlices(file.rows, (row) => {
    // A mood may be called 'constructor'.
    const mood = Object.hasOwn(moods, row.mood) && moods[row.mood]
    if (!mood) return void plan.refused.push({ line: row.line, why: 'no_mood' })
    const checkIn = { ...blank('checkins', uuid7()), felt_at: row.felt_at, mood, note: row.note }
    if (known.has(keyOf(checkIn))) return void (plan.doubles += 1)
    known.add(keyOf(checkIn))
    plan.take.checkins.push({ ...checkIn, ...ids.of(row.activities) })
  })
  plan.words.contexts = ids.made
  plan.days = spanOf(plan.take.checkins)
  return plan
}

const keyOf = ({ felt_at, mood }: CheckIn): string => `${felt_at.slice(0, 16)} ${mood}`

function spanOf(checkIns: CheckIn[]): ImportPlan['days'] {
  const days = checkIns.map(({ felt_at }) => dayKey(felt_at)).sort()
  const [from, to] = [days[0], days.at(-1)]
  return from && to ? { from, to } : null
}

/** Activities become feelings or contexts that have the same name, else new contexts whose ids say nothing. */
class Ids {
  readonly made: Record<string, string> = {}
  private readonly feelings: Map<string, string>
  private readonly contexts: Map<string, string>

  constructor(vocabulary: Vocabulary) {
    this.feelings = byName(vocabulary.feelings)
    this.contexts = byName(vocabulary.contexts)
  }

  of(activities: string[]): { feelings: string[]; contexts: string[] } {
    const names = [...new Set(activities)].slice(0, MOST_ACTIVITIES)
    const feelings = names.map((name) => this.feelings.get(foldName(name))).filter((id) => id !== undefined)
    const others = names.filter((name) => !this.feelings.has(foldName(name)))
    return {
      feelings: [...new Set(feelings)],
      contexts: [...new Set(others.map((name) => this.context(name)))],
    }
  }

  private context(name: string): string {
    const folded = foldName(name)
    const known = this.contexts.get(folded)
    if (known) return known
    const id = `own-${crypto.randomUUID().slice(0, 8)}`
    this.made[id] = name.slice(0, 80)
    this.contexts.set(folded, id)
    return id
  }
}

const byName = (names: Record<string, string>): Map<string, string> =>
  new Map(Object.entries(names).map(([name, id]) => [foldName(name), id]))
