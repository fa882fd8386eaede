// The gallery: every screen and part of the app in fixed states. `/` lists them, `/?case=NAME` shows one alone.
// `theme=light|dark` chooses the design, `words=long` shows a pseudo-language, `dir=rtl` turns the page round.
import { mount, tick } from 'svelte'
import { stopChance, stopClock } from './moment.ts'

const query = new URLSearchParams(location.search)
const target = document.getElementById('app') ?? document.body
document.documentElement.dir = query.get('dir') ?? 'ltr'

/** Says to whoever waits that the page is as it will stay. */
async function settled(): Promise<void> {
  await document.fonts.ready
  await tick()
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next)))
  const box = document.querySelector('dialog') ?? document.scrollingElement
  const { end, from } = document.documentElement.dataset
  if (end !== undefined) box?.scrollTo(0, 1e6)
  if (from) document.querySelector(from)?.scrollIntoView()
  document.documentElement.dataset['ready'] = ''
}

async function show(name: string): Promise<void> {
  stopClock()
  stopChance()
  if (query.get('words') === 'long') (await import('./long-words.ts')).lengthen()
  await (await import('./stage.ts')).stage(name, target, query.get('theme') === 'dark' ? 'dark' : 'light')
  await settled()
}

async function list(): Promise<void> {
  const { default: Contents } = await import('./Contents.svelte')
  mount(Contents, { target })
}

const name = query.get('case')
void (name ? show(name) : list())
