// The search of the library, offline: the same answers as the server's, whole numbers only, so that both agree to
// the last digit. The index is built on the server and comes with the bundle; docs/content.md tells the rules.
import type { Ref } from './types.ts'

export interface Index {
  refs: Ref[]
  /** Words that are left out. */
  stop: string[]
  /** Stem to flat pairs of a position in `refs` and a weight. */
  terms: Record<string, number[]>
}

export interface Hit {
  ref: Ref
  /** Only compares within one search. */
  score: number
}

/** How much of a word's weight counts, in per cent, by the way it was matched. */
const EXACT = 100
const BEGINS = 60
const SHORTER = 50
const TYPO = 40
const MOST_WORDS = 12

const MARKS = /[\u0300-\u036f'\u2018\u2019\u02bc]/g
const WORD = /[\p{L}\p{N}]+/gu
const VOWEL = /[aeiouy]/

/** The stems of a text in order, without single characters and stop words. */
export function tokens(text: string, stop: Iterable<string>): string[] {
  const folded = text.normalize('NFKD').toLowerCase().replace(MARKS, '')
  const leftOut = new Set(stop)
  const words = folded.match(WORD) ?? []
  return words.filter((word) => word.length > 1 && !leftOut.has(word)).map(stem)
}

/** A word without its commonest English endings: feelings, feeling to feel; breathe, breathing to breath. */
export function stem(word: string): string {
  if (word.length > 4 && /ie[sd]$/.test(word)) return word.slice(0, -3) + 'y'
  const base = word.length > 3 && word.endsWith('s') && !/(ss|us|is)$/.test(word) ? word.slice(0, -1) : word
  for (const ending of ['ing', 'ed']) {
    const left = base.slice(0, -ending.length)
    if (base.endsWith(ending) && left.length > 2 && VOWEL.test(left)) return undoubled(left)
  }
  return base.length > 3 && base.endsWith('e') ? base.slice(0, -1) : base
}

function undoubled(left: string): string {
  const last = left.at(-1) ?? ''
  return last === left.at(-2) && !'lsz'.includes(last) ? left.slice(0, -1) : left
}

/** The best items for a query, best first; equal scores keep the order of the index. */
export function search(index: Index, query: string, limit: number): Hit[] {
  const words = [...new Set(tokens(query, index.stop))].slice(0, MOST_WORDS)
  const found = new Map<number, { total: number; matched: number }>()
  for (const word of words) {
    for (const [at, weight] of best(index, word)) {
      const { total, matched } = found.get(at) ?? { total: 0, matched: 0 }
      found.set(at, { total: total + weight, matched: matched + 1 })
    }
  }
  return [...found]
    .map(([at, { total, matched }]) => ({ at, score: Math.floor((total * matched) / words.length) }))
    .sort((one, other) => other.score - one.score || one.at - other.at)
    .slice(0, limit)
    .map(({ at, score }) => ({ ref: index.refs[at] ?? '', score }))
}

/** Position to the best weight of a word there; slips of the thumb count only when nothing else matches. */
function best(index: Index, word: string): Map<number, number> {
  const terms = Object.entries(index.terms)
  let factors = terms
    .map(([term, pairs]) => ({ pairs, factor: factorOf(term, word) }))
    .filter(({ factor }) => factor)
  if (!factors.length) {
    factors = terms.filter(([term]) => near(term, word)).map(([, pairs]) => ({ pairs, factor: TYPO }))
  }
  const weights = new Map<number, number>()
  for (const { pairs, factor } of factors) {
    for (let pair = 0; pair < pairs.length; pair += 2) {
      const [at = 0, weight = 0] = pairs.slice(pair, pair + 2)
      weights.set(at, Math.max(weights.get(at) ?? 0, weight * factor))
    }
  }
  return weights
}

function factorOf(term: string, word: string): number {
  if (term === word) return EXACT
  if (word.length > 2 && term.startsWith(word)) return BEGINS
  return term.length > 3 && word.length - term.length <= 3 && word.startsWith(term) ? SHORTER : 0
}

/** One slip turns the word into the term: a letter too many, too few, another, or two swapped. */
export function near(term: string, word: string): boolean {
  if (word.length < 4 || term[0] !== word[0] || Math.abs(term.length - word.length) > 1) return false
  let at = 0
  while (at < Math.min(term.length, word.length) && term[at] === word[at]) at += 1
  if (term.length !== word.length) {
    const [longer, shorter] = term.length > word.length ? [term, word] : [word, term]
    return longer.slice(at + 1) === shorter.slice(at)
  }
  const [one, other] = [term.slice(at, at + 2), word.slice(at, at + 2)]
  const swapped = one === other.charAt(1) + other.charAt(0) && term.slice(at + 2) === word.slice(at + 2)
  return swapped || term.slice(at + 1) === word.slice(at + 1)
}
