// When and how a person wants to be nudged.
import { api } from '../lib/api.ts'
import { getMeta, setMeta } from '../records/database.ts'

export type NudgeKind =
  | 'check_in'
  | 'read'
  | 'practise'
  | 'encouragement'
  | 'hard_hour'
  | 'special_day'
  | 'welcome_back'
  | 'goodbye'

export interface Plan {
  enabled: boolean
  /** 'HH:MM', local, one to four. */
  times: string[]
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  days: number[]
  per_week: number
  quiet_from: string
  quiet_to: string
  kinds: NudgeKind[]
  lock_screen: 'neutral' | 'full'
  hard_hour: string | null
  pause: { until: string | null } | null
  next_due_at: string | null
  timezone: string
}

export type PauseFor = 'day' | 'week' | 'until_resumed'
export type Outcome = 'opened' | 'dismissed' | 'checked_in' | 'paused'

export interface Nudge {
  id: string
  due_at: string
  sent_at: string | null
  kind: NudgeKind
  title: string
  body: string
  opens: string | null
  outcome: Outcome | null
  reason: string
}

const KEPT = 'nudge-plan'

/** Keeps the plan as the server told it, so that it can be shown without a connection. */
async function kept(plan: Plan): Promise<Plan> {
  await setMeta(KEPT, plan)
  return plan
}

export const getPlan = async (): Promise<Plan> => kept(await api.get<Plan>('/nudges/plan'))
export const savePlan = async (plan: Plan): Promise<Plan> => kept(await api.put<Plan>('/nudges/plan', plan))
/** The plan as it was when the server told it last. */
export const lastPlan = (): Promise<Plan | undefined> => getMeta<Plan>(KEPT)
export const pause = (length: PauseFor): Promise<Plan> => api.post<Plan>('/nudges/pause', { for: length })
export const resume = (): Promise<Plan> => api.delete<Plan>('/nudges/pause')

/** What was sent, the latest first. */
export async function history(limit: number = 50): Promise<Nudge[]> {
  return (await api.get<{ items: Nudge[] }>(`/nudges?limit=${limit}`)).items
}
