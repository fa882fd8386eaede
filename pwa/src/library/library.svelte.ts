// The library as the screens read it.
import { announce, onMessage } from '../lib/channel.ts'
import { libraryHtml } from '../lib/trusted.ts'
import { fetchNewer, storedBundle } from './bundle.ts'
import { Search, type Found } from './search.ts'
import type {
  Book,
  Bundle,
  Chapter,
  Guide,
  HelpLines,
  Item,
  Kind,
  Practice,
  Reading,
  Ref,
  Takeaway,
} from './types.ts'

class Library {
  /** False until the texts are there; true from the first visit on, offline too. */
  loaded = $state(false)
  /** The texts are not on this device and cannot be had now. */
  missing = $state(false)
  version = $state<string | null>(null)
  chapters = $state.raw<readonly Chapter[]>([])
  takeaways = $state.raw<readonly Takeaway[]>([])
  readings = $state.raw<readonly Reading[]>([])
  guides = $state.raw<readonly Guide[]>([])
  practices = $state.raw<readonly Practice[]>([])
  books = $state.raw<readonly Book[]>([])
  helplines = $state.raw<readonly HelpLines[]>([])
}

export const library = new Library()

let index: Search | null = null

function show(bundle: Bundle): void {
  const { chapters, takeaways, readings, guides, practices, books, helplines, version } = bundle
  Object.assign(library, { chapters, takeaways, readings, guides, practices, books, helplines, version })
  library.loaded = true
  library.missing = false
  index = new Search(bundle.search)
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
  const [kind, slug] = ref.split('/') as [Kind, string | undefined]
  const items: readonly (Reading | Guide | Practice)[] | undefined = library[kind]
  return items?.find((candidate) => candidate.slug === slug)
}

/** A text's body for {@html}: it was cleaned on the server and passes the Trusted Types policy. */
export const htmlOf = (text: Item): string => libraryHtml(text.html)

/** The texts that fit, the best first; the same answers as the server's search gives. */
export function search(query: string, limit: number = 20): Found[] {
  return index?.find(query, limit) ?? []
}

/** The help lines of a region ('GB'), else the international directory. */
export function helplinesOf(region: string | null): HelpLines | undefined {
  return (
    library.helplines.find((lines) => lines.region === region) ??
    library.helplines.find(({ fallback }) => fallback)
  )
}
