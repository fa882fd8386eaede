import { partOfDay, type PartOfDay } from '../../insights/hours.ts'
import { timeZone } from '../../lib/dates.ts'
import { listed } from '../../messages/format.ts'
import { fill, t } from '../../messages/index.ts'
import type { Plan } from '../../push/index.ts'

/** What a person sees before they have chosen anything: four a week, in the evening, nothing given away. */
export const startingPlan = (): Plan => ({
  enabled: false,
  times: ['20:30'],
  days: [1, 2, 3, 4, 5, 6, 7],
  per_week: 4,
  quiet_from: '22:00',
  quiet_to: '08:00',
  kinds: ['check_in', 'read', 'practise', 'encouragement', 'special_day', 'welcome_back', 'goodbye'],
  lock_screen: 'neutral',
  hard_hour: null,
  pause: null,
  next_due_at: null,
  timezone: timeZone(),
})

const PARTS: readonly PartOfDay[] = ['morning', 'afternoon', 'evening', 'night']

/** A plan in a few words: 'mornings and evenings, four a week'. */
export function planWords({ enabled, pause, times, per_week }: Plan): string {
  const words = t.settings.nudge
  if (!enabled) return t.settings.off
  if (pause) return words.paused
  const chosen = new Set(times.map((time) => partOfDay(Number(time.slice(0, 2)))))
  const parts = PARTS.filter((part) => chosen.has(part)).map((part) => words.partsOf[part])
  const number = words.numbers[per_week - 1] ?? per_week
  return fill(words.inWords, { count: per_week, parts: listed(parts), number })
}
