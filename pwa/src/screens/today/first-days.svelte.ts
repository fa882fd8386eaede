// What is asked in the first days, and when: one thing at a time, and never before the first check-in.
import { clock } from '../../components/clock.svelte.ts'
import { addDays } from '../../lib/dates.ts'
import { setSettings, settings } from '../../lib/settings.svelte.ts'
import { pushState } from '../../push/index.ts'
import { records } from '../../records/store.svelte.ts'

export type Question = 'ended' | 'touch' | 'hours' | 'region'

const QUESTIONS: readonly Question[] = ['ended', 'touch', 'hours', 'region']
const LATER_MS = 45 * 60_000
const OFFER_AGAIN_DAYS = 60
const openedAt = Date.now()

const firstCheckIn = (): number | null => {
  const first = records.checkIns[0]
  return first ? Date.parse(first.felt_at) : null
}

/** Nudges are offered once after the first check-in, and after a 'no' not for two months. */
export function nudgesCanBeOffered(): boolean {
  if (firstCheckIn() === null || pushState.subscribed || pushState.permission === 'denied') return false
  if (!pushState.supported && !pushState.needsInstall) return false
  return settings.nudgesOfferedOn === null || settings.nudgesOfferedOn <= clock.day
}

export const nudgesOffered = (): Promise<void> =>
  setSettings({ nudgesOfferedOn: addDays(clock.day, OFFER_AGAIN_DAYS) })

/** The questions still open, once the first check-in is a while ago or from an earlier visit. */
export function openQuestions(): Question[] {
  const first = firstCheckIn()
  if (first === null || (first > openedAt && clock.now.getTime() - first < LATER_MS)) return []
  return QUESTIONS.filter((question) => !settings.asked.includes(question))
}

export const asked = (questions: readonly string[]): Promise<void> =>
  setSettings({ asked: [...new Set([...settings.asked, ...questions])] })

export const askNothingMore = (): Promise<void> => asked(QUESTIONS)
