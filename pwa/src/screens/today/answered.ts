// Questions of the first days that were answered elsewhere: kept out of the first script, which only asks them.
import { setSettings, settings } from '../../lib/settings.svelte.ts'
import type { Question } from './first-days.svelte.ts'

export const answered = (questions: readonly Question[]): Promise<void> =>
  setSettings({ asked: [...new Set([...settings.asked, ...questions])] })

/** On a device that joins another, and with a file that brings the journey: they were asked there. */
export const answeredElsewhere = (): Promise<void> => answered(['ended', 'touch', 'hours', 'region'])
