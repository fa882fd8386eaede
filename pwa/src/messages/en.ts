/** All words of the interface in English. Components hold none of their own. */
import { common } from './en/common.ts'
import { help } from './en/help.ts'
import { read } from './en/read.ts'
import { rings } from './en/rings.ts'
import { settings } from './en/settings.ts'
import { today } from './en/today.ts'
import { words } from './en/words.ts'
import { write } from './en/write.ts'

export const en = { common, help, read, rings, settings, today, words, write }

export type Messages = typeof en
