// Choices that belong to this device and are never copied.
import { getMeta, setMeta } from '../records/database.ts'
import { onMessage, announce } from './channel.ts'

export interface Settings {
  theme: 'auto' | 'light' | 'dark'
  /** 0.9 to 1.4 of the usual size. */
  textSize: number
  /** The last day the app was open, 'YYYY-MM-DD'. */
  lastSeen: string | null
  /** The first screens were seen. */
  welcomed: boolean
  /** The questions of the first day that were answered or put off. */
  asked: string[]
  /** Nudges were offered, and when not wanted are not offered again before this day. */
  nudgesOfferedOn: string | null
  /** The recovery sheet was saved by the person. */
  sheetKept: boolean
  /** Where the quick exit leads: an https address. */
  exitTo: string
  /** The quick exit is at the top of every screen. */
  exitEverywhere: boolean
}

const DEFAULTS: Settings = {
  theme: 'auto',
  textSize: 1,
  lastSeen: null,
  welcomed: false,
  asked: [],
  nudgesOfferedOn: null,
  sheetKept: false,
  exitTo: 'https://www.wikipedia.org/',
  exitEverywhere: false,
}

const META = 'settings'

/** Reactive. Change it through `setSettings`. */
export const settings: Settings = $state({ ...DEFAULTS })

export async function setSettings(patch: Partial<Settings>): Promise<void> {
  Object.assign(settings, patch)
  await setMeta(META, $state.snapshot(settings))
  announce({ type: 'settings' })
}

async function load(): Promise<void> {
  Object.assign(settings, DEFAULTS, await getMeta<Settings>(META))
}

/** Reads the settings before the first screen is drawn, so that nothing flickers. */
export async function startSettings(): Promise<void> {
  onMessage((message, own) => {
    if ((message.type === 'settings' && !own) || message.type === 'reset') void load()
  })
  await load().catch(() => undefined)
}
