import { expect, it } from 'vitest'
import { uuid7 } from '../../src/lib/uuid.ts'

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

it('makes version 7 ids that carry their moment', () => {
  const id = uuid7(Date.UTC(2099, 0, 1))
  expect(id).toMatch(FORM)
  expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2099, 0, 1))
})

it('sorts ids as they were made, in one millisecond and when the clock is set back', () => {
  const now = Date.UTC(2100, 0, 1)
  const ids = Array.from({ length: 9000 }, (_, index) => uuid7(index % 3 ? now : now - 5000))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(9000)
})
