/** The words of the interface. `heartwood:messages` is the language's own file (tools/messages-plugin.ts). */
import catalogue from 'heartwood:messages'
import type { en } from './en.ts'

export { fill } from './fill.ts'

/** Every language has the shape of the English one. */
export type Messages = typeof en

export const t: Messages = catalogue
