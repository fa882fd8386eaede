// One quiet line at the foot of the screen, with a way back where there is one.
import { Offline } from '../lib/api.ts'
import { t } from '../messages/index.ts'

interface Notice {
  text: string
  undo: (() => void) | null
}

export const notice: Notice = $state({ text: '', undo: null })

let timer: ReturnType<typeof setTimeout> | undefined
let atEnd: (() => void) | null = null

const SECONDS = 10

export function hush(): void {
  clearTimeout(timer)
  notice.text = ''
  notice.undo = null
  atEnd?.()
  atEnd = null
}

/** Says it for ten seconds. `undo` offers a way back; `end` runs when that time is over and nobody took it. */
export function say(text: string, undo: (() => void) | null = null, end: (() => void) | null = null): void {
  hush()
  notice.text = text
  atEnd = end
  notice.undo =
    undo &&
    (() => {
      atEnd = null
      hush()
      undo()
    })
  timer = setTimeout(hush, SECONDS * 1000)
}

/** Runs a write. When it fails, says so and that nothing on the screen is lost. */
export async function attempt(
  write: () => Promise<unknown>,
  failed: string = t.common.notSaved,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    say(error instanceof Offline ? t.common.noAnswer : failed)
    return false
  }
}
