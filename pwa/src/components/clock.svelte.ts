// The time as the screens see it: it moves on by itself, past midnight too.
import { dayKey } from '../lib/dates.ts'

class Clock {
  now = $state.raw(new Date())
  day = $derived(dayKey(this.now))
  hour = $derived(this.now.getHours())
}

export const clock = new Clock()

const MINUTE = 60_000

/** Moves on every minute and whenever the app comes to the front. Answers how to stop. */
export function startClock(): () => void {
  const move = () => (clock.now = new Date())
  const timer = setInterval(move, MINUTE)
  document.addEventListener('visibilitychange', move)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', move)
  }
}
