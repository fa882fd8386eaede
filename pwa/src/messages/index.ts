/** The words of the interface in the person's language. */
import { en, type Messages } from './en.ts'

export const t: Messages = en
export type { Messages }
