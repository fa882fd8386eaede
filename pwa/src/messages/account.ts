/** The words about the safe copy, the lock and the quick exit: loaded with their screens, not with the first one. */
import catalogue from 'heartwood:messages/account'
import type { account } from './en/account.ts'

export const a: typeof account = catalogue
