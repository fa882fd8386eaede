// Which screen belongs to which path, and the files that screens come in.
import type { Component } from 'svelte'
import { match } from '../lib/router.svelte.ts'
import Awful from './help/Awful.svelte'
import Help from './help/Help.svelte'
import Lines from './help/Lines.svelte'
import Urge from './help/Urge.svelte'
import Today from './today/Today.svelte'

/** By the pattern of their paths; where two fit, the first one counts. */
export type Screens = Readonly<Record<string, Component>>

/** There with the program itself: what it opens with, and help, which never waits. */
const FIRST: Screens = {
  '/': Today,
  '/help': Help,
  '/help/urge': Urge,
  '/help/awful': Awful,
  '/help/lines': Lines,
}

/** The other files, in the order in which they are fetched. */
const FILES: readonly (() => Promise<Screens>)[] = [
  async () => (await import('./tabs.ts')).TABS,
  async () => (await import('./more.ts')).MORE,
]

let screens: Screens = $state.raw(FIRST)
let fetched = 0

/** The screen of a path; null while it is still to be fetched. */
export function screenAt(path: string): Component | null {
  const pattern = Object.keys(screens).find((known) => match(known, path))
  return screens[pattern ?? ''] ?? null
}

/** Fetches files until the screen of `path` is there; all of them without one. Rejects where one does not come. */
export async function loadScreens(path?: string): Promise<void> {
  while (fetched < FILES.length && !(path && screenAt(path))) {
    const number = fetched
    const found = await FILES[number]?.()
    if (fetched > number) continue
    screens = { ...screens, ...found }
    fetched += 1
  }
}
