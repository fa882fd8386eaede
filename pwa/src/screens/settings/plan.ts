import { timeZone } from '../../lib/dates.ts'
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
