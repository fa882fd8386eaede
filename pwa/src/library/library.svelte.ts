// The library as the screens read it.
import { announce, onMessage } from '../lib/channel.ts'
import { libraryHtml } from '../lib/trusted.ts'
import { whatArrived } from './arrived.ts'
import { fetchNewer, storedBundle } from './bundle.ts'
import { search as find, type Index } from './search.ts'
import type {
  Book,
  Bundle,
  Chapter,
  Guide,
  HelpLines,
  PathEntry,
  Practice,
  Reading,
  Ref,
  Takeaway,
} from './types.ts'

const arrived = whatArrived()

class Library {
  /** False until the texts are there; true from the first visit on, offline too. */
  loaded = $state(false)
  /** The texts are not on this device and cannot be had now. */
  missing = $state(false)
  version = $state<string | null>(null)
  chapters = $state.raw<readonly Chapter[]>(arrived?.chapters ?? [])
  takeaways = $state.raw<readonly Takeaway[]>(arrived?.takeaways ?? [])
  /** The readings in the order in which they are read. */
  path = $state.raw<readonly PathEntry[]>(arrived?.path ?? [])
  readings = $state.raw<readonly Reading[]>([])
  guides = $state.raw<readonly Guide[]>([])
  practices = $state.raw<readonly Practice[]>([])
  books = $state.raw<readonly Book[]>([])
  helplines = $state.raw<readonly HelpLines[]>([])
}

export const library = new Library()

export interface Found {
  ref: Ref
  title: string
  summary: string
  score: number
}

let index: Index | null = null

/** Makes a bundle the library that is shown. */
export function show(bundle: Bundle): void {
  const { chapters, takeaways, readings, guides, practices, books, helplines, version } = bundle
  Object.assign(library, { chapters, takeaways, readings, guides, practices, books, helplines, version })
  library.path = readings.toSorted((a, b) => a.order - b.order)
  library.loaded = true
  library.missing = false
  index = bundle.search
}

/** Shows what is on the device at once, then looks whether there is a newer version. */
export async function startLibrary(): Promise<void> {
  onMessage((message, own) => {
    if (message.type === 'library' && !own) void showStored()
  })
  addEventListener('online', () => void renew())
  await showStored().catch(() => undefined)
  await renew()
}

async function showStored(): Promise<void> {
  const bundle = await storedBundle()
  if (bundle && bundle.version !== library.version) show(bundle)
}

async function renew(): Promise<void> {
  try {
    const bundle = await fetchNewer(library.version)
    if (!bundle) return
    show(bundle)
    announce({ type: 'library' })
  } catch {
    library.missing = !library.loaded
  }
}

/** A text by its ref; undefined when there is none. */
export function item(ref: Ref): Reading | Guide | Practice | undefined {
  const [kind, slug] = ref.split('/')
  if (kind !== 'readings' && kind !== 'guides' && kind !== 'practices') return undefined
  const texts: readonly (Reading | Guide | Practice)[] = library[kind]
  return texts.find((text) => text.slug === slug) ?? (arrived?.ref === ref ? arrived.text : undefined)
}

/** A text's `html` for {@html}: it was cleaned on the server and passes the Trusted Types policy. */
export const htmlOf = (html: string): string => libraryHtml(html)

/** Texts and books ('books/slug') that fit, the best first; the same answers as the server's search gives. */
export function search(query: string, limit: number = 20): Found[] {
  return index ? find(index, query, limit).map((hit) => ({ ...hit, ...headingOf(hit.ref) })) : []
}

function headingOf(ref: Ref): { title: string; summary: string } {
  const text = item(ref)
  if (text) return { title: text.title, summary: text.summary }
  const book = library.books.find(({ slug }) => ref === `books/${slug}`)
  return { title: book?.title ?? '', summary: book?.good_for ?? '' }
}

/** The help lines of a region ('GB'), else the international directory. */
export function helplinesOf(region: string | null): HelpLines | undefined {
  const { helplines } = library
  return helplines.find((lines) => lines.region === region) ?? helplines.find(({ fallback }) => fallback)
}
