// What the bar leads to besides Today and help: a file of its own, fetched as soon as the first screen is up.
import PracticePage from './read/PracticePage.svelte'
import Read from './read/Read.svelte'
import TextPage from './read/TextPage.svelte'
import Rings from './rings/Rings.svelte'
import Letter from './write/Letter.svelte'
import Write from './write/Write.svelte'
import type { Screens } from './index.svelte.ts'

export const TABS: Screens = {
  '/read': Read,
  '/read/practices/:slug': PracticePage,
  '/read/:kind/:slug': TextPage,
  '/rings': Rings,
  '/write': Write,
  '/write/:id': Letter,
}
