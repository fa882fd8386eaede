import type { Ref } from './types.ts'

export interface Found {
  ref: Ref
  title: string
  summary: string
  score: number
}

export class Search {
  constructor(readonly index: unknown) {}
  find(_query: string, _limit: number): Found[] {
    return []
  }
}
