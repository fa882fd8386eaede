// What this phone keeps for the first screen. Imported before the words of the interface, so that it is read while those
// are still on their way.
import { startSettings } from './lib/settings.svelte.ts'
import { startLock } from './lock/lock.svelte.ts'
import { startRecords } from './records/store.svelte.ts'

/** Resolves when settings, lock and records are there; never rejects. */
export const stored: Promise<unknown> = Promise.all([startSettings(), startLock(), startRecords()])
