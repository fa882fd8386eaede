// Puts a case on the stage: the person's records, the state of the app, its shell, and what was pressed.
// Each page of the gallery has a database of its own, in memory: many of them stand side by side in the list.
import 'fake-indexeddb/auto'
import { mount, tick } from 'svelte'
import { accountState } from '../src/account/account.svelte.ts'
import { takeJoinCode } from '../src/account/arrived.ts'
import App from '../src/App.svelte'
import { notice } from '../src/components/notice.svelte.ts'
import { pwa } from '../src/lib/pwa.svelte.ts'
import { route } from '../src/lib/router.svelte.ts'
import { settings } from '../src/lib/settings.svelte.ts'
import { library, show } from '../src/library/library.svelte.ts'
import type { Bundle } from '../src/library/types.ts'
import { lockState } from '../src/lock/lock.svelte.ts'
import { pushState } from '../src/push/push.svelte.ts'
import { atomically, setMeta } from '../src/records/database.ts'
import { keepRows } from '../src/records/sheets.ts'
import { records, startRecords } from '../src/records/store.svelte.ts'
import type { Clear, Collection } from '../src/records/types.ts'
import { loadScreens } from '../src/screens/index.svelte.ts'
import { syncState } from '../src/sync/state.svelte.ts'
import bundle from './library.json'
import { CASES, type Case } from './cases.ts'
import { recordsOf, type Name } from './people.ts'
import Parts from './Parts.svelte'
import { account, serve } from './server.ts'

const INDEX = {
  refs: ['guides/the-first-night', 'guides/i-want-to-text-them'],
  stop: [],
  terms: { night: [0, 9, 1, 4] },
}

async function live(name: Name): Promise<void> {
  const all = Object.entries(await recordsOf(name)) as [Collection, Clear[Collection][]][]
  const rows = all.flatMap(([collection, docs]) =>
    docs.map((doc) => ({ collection, id: doc.id, doc, stamp: '' })),
  )
  await atomically(['records'], (tx) => keepRows(tx.objectStore('records'), rows))
  await startRecords()
}

/** The safe copy, the lock, and what is stored beside the records. */
async function keep({ copy, meta = {}, lock, server }: Case): Promise<void> {
  serve(server)
  if (copy) {
    const known = { ...account, ...copy.account }
    Object.assign(accountState, { ...copy, account: known })
    await setMeta('account', known)
  }
  for (const [name, value] of Object.entries(meta)) await setMeta(name, value)
  if (lock) Object.assign(lockState, { on: true, ...lock })
}

/** Brings the code of an address along, as the app does it at its start. */
function bringCode(path: string): void {
  const before = location.href
  history.replaceState(null, '', path)
  takeJoinCode()
  history.replaceState(null, '', before)
}

async function setUp(given: Case, theme: 'light' | 'dark'): Promise<void> {
  await live(given.person ?? 'a-year')
  await keep(given)
  Object.assign(settings, { welcomed: true, theme, nudgesOfferedOn: '2027-01-01' })
  if (!given.questions) settings.asked = ['ended', 'touch', 'hours', 'region']
  Object.assign(settings, given.settings)
  Object.assign(syncState, { status: 'idle', lastCopyAt: '2026-11-24T20:02:00.000Z', waiting: 0 }, given.sync)
  Object.assign(pushState, { supported: true, permission: 'default' }, given.push)
  Object.assign(pwa, given.pwa)
  Object.assign(notice, given.notice)
  Object.assign(records, given.records)
  if (given.missing) library.missing = true
  else show({ ...(bundle as unknown as Bundle), search: INDEX })
  if (given.path.includes('#')) bringCode(given.path)
  const [path = '/', search = ''] = given.path.split(/[?#]/)
  Object.assign(route, { path, query: new URLSearchParams(search) })
}

const nameOf = (element: Element): string =>
  (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\s+/g, ' ')

const named = (name: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>('button, summary')].findLast(
    (element) => nameOf(element) === name,
  )

/** Presses what bears the name, once it is there: a save may come before it. */
async function press(name: string): Promise<void> {
  for (let tries = 0; tries < 100 && !named(name); tries += 1)
    await new Promise((next) => setTimeout(next, 20))
  const found = named(name)
  if (!found) throw new Error(`nothing to press is called '${name}'`)
  found.click()
  await tick()
}

/** Waits for what comes by itself. */
async function appears(selector: string): Promise<void> {
  for (let tries = 0; tries < 300 && !document.querySelector(selector); tries += 1)
    await new Promise((next) => setTimeout(next, 20))
  if (!document.querySelector(selector)) throw new Error(`nothing is '${selector}'`)
}

/** Shows a case of the gallery; raises when there is none of that name. */
export async function stage(name: string, target: HTMLElement, theme: 'light' | 'dark'): Promise<void> {
  const given = CASES[name]
  if (!given) throw new Error(`no case is called '${name}'`)
  await setUp(given, theme)
  addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a')) event.preventDefault()
  })
  await loadScreens()
  if (given.parts) mount(Parts, { target, props: { part: given.parts, theme } })
  else mount(App, { target })
  await tick()
  for (const what of given.press?.() ?? []) await press(what)
  if (given.until) await appears(given.until)
  if (given.end) document.documentElement.dataset['end'] = ''
  if (given.from) document.documentElement.dataset['from'] = given.from
}
