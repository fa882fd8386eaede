import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { near, search, tokens, type Hit, type Index } from '../../src/library/search.ts'

interface Vectors {
  stop: string[]
  index: Index
  tokens: { text: string; tokens: string[] }[]
  near: { term: string; word: string; near: boolean }[]
  searches: { query: string; limit: number; hits: Hit[] }[]
}

// Written by the server's tests: both searches must give the same answers.
const file = new URL('../../../tests/library/search_vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

describe('the search answers as the server does', () => {
  it.each(vectors.tokens)('to the words of $text', ({ text, tokens: wanted }) => {
    expect(tokens(text, vectors.stop)).toEqual(wanted)
  })
  it.each(vectors.near)('to the slip of the thumb $word for $term', ({ term, word, near: wanted }) => {
    expect(near(term, word)).toBe(wanted)
  })
  it.each(vectors.searches)('to $query', ({ query, limit, hits }) => {
    expect(search(vectors.index, query, limit)).toEqual(hits)
  })
})
