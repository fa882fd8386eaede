// Which screen belongs to which path.
import type { Component } from 'svelte'
import { match } from '../lib/router.svelte.ts'
import Awful from './help/Awful.svelte'
import Help from './help/Help.svelte'
import Lines from './help/Lines.svelte'
import Urge from './help/Urge.svelte'
import NotFound from './NotFound.svelte'
import Books from './read/Books.svelte'
import PracticePage from './read/PracticePage.svelte'
import Read from './read/Read.svelte'
import TextPage from './read/TextPage.svelte'
import Entries from './rings/Entries.svelte'
import Rings from './rings/Rings.svelte'
import Summary from './rings/Summary.svelte'
import About from './settings/About.svelte'
import AccountPage from './settings/AccountPage.svelte'
import Export from './settings/Export.svelte'
import JourneyPage from './settings/JourneyPage.svelte'
import Look from './settings/Look.svelte'
import Nudges from './settings/Nudges.svelte'
import Privacy from './settings/Privacy.svelte'
import Settings from './settings/Settings.svelte'
import WordsPage from './settings/WordsPage.svelte'
import Today from './today/Today.svelte'
import Letter from './write/Letter.svelte'
import Write from './write/Write.svelte'

const SCREENS: readonly (readonly [pattern: string, screen: Component])[] = [
  ['/', Today],
  ['/read', Read],
  ['/read/books', Books],
  ['/read/practices/:slug', PracticePage],
  ['/read/:kind/:slug', TextPage],
  ['/rings', Rings],
  ['/rings/entries', Entries],
  ['/rings/summary', Summary],
  ['/write', Write],
  ['/write/:id', Letter],
  ['/help', Help],
  ['/help/urge', Urge],
  ['/help/awful', Awful],
  ['/help/lines', Lines],
  ['/settings', Settings],
  ['/settings/nudges', Nudges],
  ['/settings/journey', JourneyPage],
  ['/settings/words', WordsPage],
  ['/settings/privacy', Privacy],
  ['/settings/look', Look],
  ['/settings/account', AccountPage],
  ['/settings/export', Export],
  ['/settings/about', About],
]

export const screenAt = (path: string): Component =>
  SCREENS.find(([pattern]) => match(pattern, path))?.[1] ?? NotFound
