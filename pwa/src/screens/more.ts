// Screens that are not needed for the first look: a file of their own, fetched when the first screen is up.
import { ACCOUNT_SCREENS } from './account/screens.ts'
import NotFound from './NotFound.svelte'
import Books from './read/Books.svelte'
import Entries from './rings/Entries.svelte'
import Summary from './rings/Summary.svelte'
import About from './settings/About.svelte'
import Export from './settings/Export.svelte'
import JourneyPage from './settings/JourneyPage.svelte'
import Look from './settings/Look.svelte'
import Nudges from './settings/Nudges.svelte'
import Settings from './settings/Settings.svelte'
import WordsPage from './settings/WordsPage.svelte'
import type { Screens } from './index.svelte.ts'

export const MORE: Screens = {
  ...ACCOUNT_SCREENS,
  // Of every address that no screen has.
  '': NotFound,
  '/read/books': Books,
  '/rings/entries': Entries,
  '/rings/summary': Summary,
  '/settings': Settings,
  '/settings/nudges': Nudges,
  '/settings/journey': JourneyPage,
  '/settings/words': WordsPage,
  '/settings/look': Look,
  '/settings/export': Export,
  '/settings/about': About,
}
