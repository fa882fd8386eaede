// Saving while somebody writes: a moment after the last key, and at once when they look away.
import { onMount } from 'svelte'

const PAUSE_MS = 400

export interface Pause {
  /** A key was pressed: it is acted on after the next pause. */
  wait: () => void
  /** Acts now, where something waits. */
  now: () => void
  /** What waits is done in another way. */
  stop: () => void
}

/** Acts once nothing was typed for a moment, or the page is hidden: behind another app it may never wake up again. */
export function afterPause(act: () => void): Pause {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const now = () => {
    if (timer === undefined) return
    stop()
    act()
  }
  const onHidden = () => {
    if (document.hidden) now()
  }
  onMount(() => {
    document.addEventListener('visibilitychange', onHidden)
    return () => document.removeEventListener('visibilitychange', onHidden)
  })
  const wait = () => {
    stop()
    timer = setTimeout(now, PAUSE_MS)
  }
  return { wait, now, stop }
}
