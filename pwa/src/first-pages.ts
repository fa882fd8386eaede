// The pages of a first visit, drawn when the app is built: the server fills in what `%name%` stands for and sends them
// before any script has run. Nothing in them is personal, since nothing is known of anybody yet.
import { render } from 'svelte/server'
import App from './App.svelte'
import { route } from './lib/router.svelte.ts'
import { show } from './library/library.svelte.ts'
import type { Bundle, Item } from './library/types.ts'

interface Page {
  head: string
  body: string
}

const text: Item = {
  slug: 'text',
  title: '%title%',
  lang: 'en',
  minutes: '%minutes%' as unknown as number,
  summary: '%summary%',
  html: '%html%',
  practice: null,
  question: null,
  related: [],
  sources: [],
}

const library: Bundle = {
  version: '',
  locale: 'en',
  chapters: [{ id: 'chapter', title: '%chapter%', lang: 'en', summary: '' }],
  takeaways: [],
  readings: [{ ...text, order: 1, chapter: 'chapter', takeaway: '' }],
  guides: [{ ...text, order: 1, when: '', helplines: false }],
  practices: [],
  books: [],
  helplines: [],
  search: { refs: [], stop: [], terms: {} },
}

function pageAt(path: string): Page {
  Object.assign(route, { path })
  const { head, body } = render(App)
  // The marks of Svelte's hydration: the app draws itself anew. Until then no button does anything, and shows it.
  const clean = (html: string) =>
    html.replace(/<!--.*?-->/g, '').replace(/<button(?=[\s>])/g, '<button disabled')
  return { head: clean(head), body: clean(body) }
}

/** By name: the welcome, and one for each kind of text. */
export function firstPages(): Record<string, Page> {
  show(library)
  return {
    welcome: pageAt('/'),
    readings: pageAt('/read/readings/text'),
    guides: pageAt('/read/guides/text'),
  }
}
