// The pages of a first visit, drawn when the app is built, as templates: the server fills in what `[[ name ]]` stands for
// (server/firstpage.py) and sends them before any script has run. Nothing in them is personal, since nothing is known of
// anybody yet.
import { render } from 'svelte/server'
import App from './App.svelte'
import { route } from './lib/router.svelte.ts'
import { show } from './library/library.svelte.ts'
import type { Bundle, Item, Reading } from './library/types.ts'
import { t } from './messages/index.ts'
import { loadScreens } from './screens/index.svelte.ts'

interface Page {
  head: string
  body: string
}

const text: Item = {
  slug: 'text',
  title: '[[ text.title ]]',
  lang: 'en',
  minutes: '[[ text.minutes ]]' as unknown as number,
  summary: '[[ text.summary ]]',
  html: '[[ html ]]',
  practice: null,
  question: null,
  related: [],
  sources: [],
}

/** A reading on the path, drawn once for all that `name` stands for. */
const onPath = (name: string, order: number, chapter: string): Reading => ({
  ...text,
  slug: `[[ ${name}.slug ]]`,
  title: `[[ ${name}.title ]]`,
  lang: `[[ ${name}.lang ]]`,
  minutes: `[[ ${name}.minutes ]]` as unknown as number,
  order,
  chapter,
  takeaway: '',
})

const library: Bundle = {
  version: '',
  locale: 'en',
  chapters: [],
  takeaways: [],
  readings: [],
  guides: [],
  practices: [],
  books: [],
  helplines: [],
  search: { refs: [], stop: [], terms: {} },
}

const texts: Bundle = {
  ...library,
  chapters: [{ id: 'chapter', title: '[[ chapter ]]', lang: 'en', summary: '' }],
  readings: [{ ...text, order: 1, chapter: 'chapter', takeaway: '' }],
  guides: [{ ...text, order: 1, when: '', helplines: false }],
}

const chapter = (id: string, name: string) => ({
  id,
  title: `[[ ${name}.title ]]`,
  lang: `[[ ${name}.lang ]]`,
  summary: `[[ ${name}.summary ]]`,
})

/** The first reading is the next one to read and looks so; the other readings look alike, and the other chapters do. */
const path: Bundle = {
  ...library,
  chapters: [chapter('first', 'chapters[0]'), chapter('other', 'chapter')],
  readings: [
    onPath('chapters[0].readings[0]', 1, 'first'),
    onPath('reading', 2, 'first'),
    onPath('each', 3, 'other'),
  ],
  takeaways: [
    { title: '[[ takeaway.title ]]', lang: 'en', text: '[[ takeaway.text ]]', item: '[[ takeaway.item ]]' },
  ],
}

/** The innermost element of that tag with the mark `[[ name.title ]]` in it, once for each of `all`. */
function repeated(html: string, tag: string, name: string, all: string): string {
  const mark = html.indexOf(`[[ ${name}.title ]]`)
  const start = html.lastIndexOf(`<${tag}`, mark)
  const end = html.indexOf(`</${tag}>`, mark) + `</${tag}>`.length
  if (mark < 0 || start < 0) throw new Error(`no ${tag} shows ${name}.title`)
  return `${html.slice(0, start)}[% for ${name} in ${all} %]${html.slice(start, end)}[% endfor %]${html.slice(end)}`
}

function pathPage({ head, body }: Page): Page {
  const readings = repeated(body, 'li', 'reading', 'chapters[0].readings[1:]')
  const others = repeated(readings, 'li', 'each', 'chapter.readings')
  const chapters = repeated(others, 'section', 'chapter', 'chapters[1:]')
  return { head, body: repeated(chapters, 'li', 'takeaway', 'takeaways') }
}

// The marks of Svelte's hydration go: the app draws itself anew. Until then no field and no button does anything, and
// shows it.
const clean = (html: string): string =>
  html.replace(/<!--.*?-->/g, '').replace(/<(button|input)(?=[\s>])/g, '<$1 disabled')

/** Shown where the program has not come for a while (style/first-visit.css). */
const late = `<p class="late"><span>${t.common.late}</span> <a class="text-button" href="">${t.common.tryAgain}</a></p>`

function pageAt(where: string, shown: Bundle = library): Page {
  show(shown)
  Object.assign(route, { path: where })
  const { head, body } = render(App)
  return { head: clean(head), body: clean(body) + late }
}

/** By name: one for each place that is the same for everybody on a first visit, and one for each kind of text. */
export async function firstPages(): Promise<Record<string, Page>> {
  await loadScreens('/read')
  return {
    welcome: pageAt('/'),
    read: pathPage(pageAt('/read', path)),
    rings: pageAt('/rings'),
    write: pageAt('/write'),
    help: pageAt('/help'),
    readings: pageAt('/read/readings/text', texts),
    guides: pageAt('/read/guides/text', texts),
  }
}
