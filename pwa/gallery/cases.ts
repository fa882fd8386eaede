// Every screen and part in the states it can be in. A name is a file name of the pictures the tests compare.
import type { Account, accountState } from '../src/account/index.ts'
import type { lockState } from '../src/lock/lock.svelte.ts'
import type { PushState } from '../src/push/push.svelte.ts'
import type { Settings } from '../src/lib/settings.svelte.ts'
import type { SyncState } from '../src/sync/state.svelte.ts'
import { a } from '../src/messages/account.ts'
import { t } from '../src/messages/index.ts'
import { MOMENT } from './moment.ts'
import type { Name } from './people.ts'
import type { Answers } from './server.ts'

export interface Case {
  path: string
  /** Whose phone it is; else that of somebody with a year of entries. */
  person?: Name
  /** Names of what is pressed, one after the other. */
  press?: () => string[]
  /** The first days' questions are open. */
  questions?: boolean
  /** The texts are not on the phone. */
  missing?: boolean
  settings?: Partial<Settings>
  sync?: Partial<SyncState>
  push?: Partial<PushState>
  pwa?: { update?: boolean; canInstall?: boolean }
  notice?: { text: string; undo?: () => void }
  records?: { unavailable?: boolean }
  /** There is a safe copy. */
  copy?: Partial<Omit<typeof accountState, 'account'>> & { account?: Partial<Account> }
  /** What is stored beside the records. */
  meta?: Record<string, unknown>
  lock?: Partial<typeof lockState>
  /** What the server answers, by 'GET /path', where it is not what it answers to all. */
  server?: Answers
  /** A selector of something that comes by itself. */
  until?: string
  /** Scrolled to its end. */
  end?: boolean
  /** A selector of what is scrolled to the top. */
  from?: string
  /** Not a screen but a sheet of parts. */
  parts?: 'colours' | 'type' | 'controls' | 'moods' | 'pictures'
}

const parts: Record<string, Case> = {
  'parts-colours': { path: '/', parts: 'colours' },
  'parts-type': { path: '/', parts: 'type' },
  'parts-controls': { path: '/', parts: 'controls' },
  'parts-moods': { path: '/', parts: 'moods' },
  'parts-pictures': { path: '/', parts: 'pictures' },
}

const today: Record<string, Case> = {
  'today-first-run': { path: '/', person: 'arrived', settings: { welcomed: false } },
  'today-empty': { path: '/', person: 'arrived' },
  'today-first-day': { path: '/', person: 'first-day', questions: true },
  'today-nudge-offer': { path: '/', person: 'first-day', settings: { nudgesOfferedOn: null } },
  'today-a-year': { path: '/' },
  'today-checked-in': { path: '/', press: () => [t.common.moods[3]] },
  'today-add-more': { path: '/', press: () => [t.common.moods[1], t.today.addMore] },
  'today-a-year-end': { path: '/', end: true },
  'today-add-more-end': { path: '/', press: () => [t.common.moods[1], t.today.addMore], end: true },
  'today-months-without': { path: '/', person: 'months-without' },
  'today-long-text': { path: '/', person: 'long-text' },
  'today-special-day': { path: '/', person: 'special-day' },
  'today-offline': { path: '/', sync: { status: 'offline', waiting: 3 } },
  'today-nothing-kept': { path: '/', person: 'arrived', records: { unavailable: true }, missing: true },
  'today-not-saved': { path: '/', notice: { text: t.common.notSaved } },
  'today-update': { path: '/', pwa: { update: true } },
}

const read: Record<string, Case> = {
  'read-path': { path: '/read' },
  'read-path-empty': { path: '/read', person: 'arrived' },
  'read-guides': { path: '/read?show=guides' },
  'read-practices': { path: '/read?show=practices' },
  'read-saved': { path: '/read?show=saved' },
  'read-saved-none': { path: '/read?show=saved', person: 'arrived' },
  'read-search': { path: '/read?q=night' },
  'read-nothing-found': { path: '/read?q=zebra' },
  'read-missing': { path: '/read', missing: true },
  'read-reading': { path: '/read/readings/boundaries', person: 'first-day' },
  'read-reading-end': { path: '/read/readings/boundaries', end: true },
  'read-guide': { path: '/read/guides/i-was-not-safe', person: 'first-day' },
  'read-practice': { path: '/read/practices/slow-breathing' },
  'read-breathing': { path: '/read/practices/slow-breathing', press: () => [t.read.again] },
  'read-wave': { path: '/read/practices/ride-the-urge', press: () => [t.read.again] },
  'read-steps': { path: '/read/practices/a-short-walk', press: () => [t.read.begin] },
  'read-list': { path: '/read/practices/the-whole-picture', press: () => [t.read.begin] },
  'read-writing': { path: '/read/practices/letter-never-sent', press: () => [t.read.begin] },
  'read-books': { path: '/read/books' },
  'read-not-found': { path: '/read/readings/no-such-reading' },
}

const rings: Record<string, Case> = {
  'rings-empty': { path: '/rings', person: 'arrived' },
  'rings-first-day': { path: '/rings', person: 'first-day' },
  'rings-a-year': { path: '/rings' },
  'rings-trend': { path: '/rings', press: () => [t.rings.spans.all], from: '.part:has(figure .mean)' },
  'rings-a-year-end': { path: '/rings', end: true },
  'rings-months-without': { path: '/rings', person: 'months-without' },
  'rings-entries': { path: '/rings/entries' },
  'rings-entries-long': { path: '/rings/entries', person: 'long-text' },
  'rings-entries-empty': { path: '/rings/entries', person: 'arrived' },
  'rings-calendar': { path: '/rings/entries', press: () => [t.rings.calendar] },
  'rings-add-past': { path: '/rings/entries', press: () => [t.rings.addPast] },
  'rings-summary': { path: '/rings/summary' },
}

const write: Record<string, Case> = {
  'write-empty': { path: '/write', person: 'arrived' },
  'write-a-year': { path: '/write' },
  'write-long-text': { path: '/write', person: 'long-text' },
  'write-reasons': { path: '/write?show=reason' },
  'write-page': { path: '/write/new?kind=journal' },
  'write-answer': { path: '/write/new?kind=answer&prompt=readings/boundaries' },
  'write-letter': { path: '/write/new?kind=letter&text=Dear+you' },
  'write-not-found': { path: '/write/no-such-page' },
}

const help: Record<string, Case> = {
  help: { path: '/help' },
  'help-urge': { path: '/help/urge' },
  'help-reasons': { path: '/help/urge', press: () => [t.help.urge.reasons] },
  'help-person': { path: '/help/urge', person: 'arrived', press: () => [t.help.urge.chooseCall] },
  'help-passed': { path: '/help/urge', press: () => [t.help.urge.passed] },
  'help-texted': { path: '/help/urge', press: () => [t.help.urge.texted] },
  'help-awful': { path: '/help/awful' },
  'help-lines': { path: '/help/lines' },
  'help-unsafe': { path: '/help/lines?for=unsafe' },
  'help-lines-elsewhere': { path: '/help/lines', person: 'months-without' },
}

const settings: Record<string, Case> = {
  settings: { path: '/settings', pwa: { canInstall: true } },
  'settings-nudged': {
    path: '/settings',
    copy: {},
    push: { subscribed: true, permission: 'granted' },
    until: 'main .state',
  },
  'settings-nudges': { path: '/settings/nudges' },
  'settings-nudges-denied': { path: '/settings/nudges', push: { permission: 'denied' } },
  'settings-journey': { path: '/settings/journey' },
  'settings-journey-end': { path: '/settings/journey', end: true },
  'settings-journey-long': { path: '/settings/journey', person: 'long-text' },
  'settings-words': { path: '/settings/words' },
  'settings-word': { path: '/settings/words', press: () => [t.words.feelings.sad] },
  'settings-look': { path: '/settings/look' },
  'settings-export': { path: '/settings/export' },
  'settings-about': { path: '/settings/about' },
}

const CODE = 'Q7KM-2XPA-90TD-VR3E-H8BN-5CWZ-JY41'
const held = { recovery: { code: CODE, wrapped: true } }
const named = { name: 'larch.and.rain', has_passphrase: true, expires_at: null }
const sealed = { v: 1, iv: 'AAAAAAAAAAAAAAAA', ct: 'AAAA' }
const none = { 'GET /passkeys': { items: [] } }
const hour = Date.parse(MOMENT) + 3_600_000

const account: Record<string, Case> = {
  'account-none': { path: '/settings/account' },
  account: { path: '/settings/account', copy: {}, server: none, until: 'section li button' },
  'account-whole': {
    path: '/settings/account',
    copy: { account: named },
    settings: { sheetKept: true },
    until: 'section li button',
  },
  'account-end': { path: '/settings/account', copy: {}, server: none, until: 'section li button', end: true },
  'account-clear': {
    path: '/settings/account',
    copy: {},
    server: none,
    press: () => [a.clear.title],
    until: 'section li button',
    end: true,
  },
  'account-signed-out': { path: '/settings/account', copy: {}, sync: { status: 'signed_out' } },
  'account-needs-key': { path: '/settings/account', copy: { needsKey: true }, press: () => [a.copy.afresh] },
  'account-sheet': { path: '/settings/account/sheet', copy: {}, meta: held, until: '.code span' },
  'account-sheet-end': { path: '/settings/account/sheet', copy: {}, meta: held, until: 'form', end: true },
  'account-sheet-kept': { path: '/settings/account/sheet', copy: {}, press: () => [a.sheet.renew] },
  'account-passphrase': { path: '/settings/account/passphrase', copy: {} },
  'account-passphrase-set': { path: '/settings/account/passphrase', copy: { account: named } },
  'account-passkeys-none': { path: '/settings/account/passkeys', copy: {}, server: none },
  'account-passkeys': { path: '/settings/account/passkeys', copy: {}, until: 'main li button' },
  'account-passkeys-remove': {
    path: '/settings/account/passkeys',
    copy: {},
    press: () => [a.passkeys.remove],
  },
  'account-add': { path: '/settings/account/add', copy: {} },
  'account-add-code': {
    path: '/settings/account/add',
    copy: {},
    press: () => [a.add.start],
    until: 'svg[role] path[d^="M"]',
  },
  'account-add-joined': {
    path: '/settings/account/add',
    copy: {},
    press: () => [a.add.start],
    server: { 'GET /joins/j1': { id: 'j1', joined_at: MOMENT, device: 'Firefox on Windows' } },
    until: 'main h2',
  },
  'account-new-key': { path: '/settings/account/new-key', copy: { account: named } },
  'account-no-copy': { path: '/settings/account/new-key' },
  'account-sign-in': { path: '/settings/account/sign-in' },
  'account-sign-in-sheet': { path: '/settings/account/sign-in', press: () => [a.signIn.sheet] },
  join: { path: '/join', person: 'arrived' },
  'join-arrived': { path: '/join#Q7KM-2XPA-90TD-VR3E', person: 'arrived' },
  privacy: { path: '/settings/privacy' },
  'privacy-end': { path: '/settings/privacy', end: true },
}

const lock: Record<string, Case> = {
  'lock-screen': { path: '/', lock: { locked: true, pin: true }, until: 'dialog form' },
  'lock-screen-both': { path: '/', lock: { locked: true, pin: true, device: 'AAAA' }, until: 'dialog form' },
  'lock-screen-wait': {
    path: '/',
    lock: { locked: true, pin: true },
    meta: { lock: { after: 1, failures: 6, waitUntil: hour } },
    until: 'dialog input:disabled',
  },
  'lock-screen-help': { path: '/', lock: { locked: true, pin: true }, press: () => [t.common.helpNow] },
  'lock-screen-forgot': {
    path: '/',
    lock: { locked: true, pin: true },
    copy: { account: { ...named, wrapped_keys: { recovery: sealed, passphrase: sealed } } },
    press: () => [a.lock.forgot],
  },
  'lock-screen-forgot-no-copy': {
    path: '/',
    lock: { locked: true, pin: true },
    press: () => [a.lock.forgot, a.lock.forgotClear],
  },
  'settings-lock': { path: '/settings/lock' },
  'settings-lock-pin': { path: '/settings/lock', press: () => [a.lock.usePin] },
  'settings-lock-on': { path: '/settings/lock', lock: { pin: true, device: 'AAAA' } },
  'settings-lock-prove': { path: '/settings/lock', lock: { pin: true }, press: () => [a.lock.turnOff] },
  'quick-exit': { path: '/settings/lock', end: true },
  'quick-exit-own': { path: '/settings/lock', settings: { exitTo: 'https://example.org/' }, end: true },
  'quick-exit-everywhere': { path: '/', settings: { exitEverywhere: true } },
}

export const CASES: Readonly<Record<string, Case>> = {
  ...parts,
  ...today,
  ...read,
  ...rings,
  ...write,
  ...help,
  ...settings,
  ...account,
  ...lock,
}
