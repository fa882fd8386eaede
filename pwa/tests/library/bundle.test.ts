import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fetchNewer, storedBundle } from '../../src/library/bundle.ts'
import { FakeCache } from '../support/cache.ts'

let cache: FakeCache
let version: string
const fetched: string[] = []

beforeEach(() => {
  cache = new FakeCache()
  version = 'v1'
  fetched.length = 0
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) })
  vi.stubGlobal('fetch', (url: string) => {
    fetched.push(url)
    const body = JSON.stringify({ version, readings: [] })
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json' } }))
  })
})
afterEach(() => vi.unstubAllGlobals())

it('nothing is stored before the first visit', async () => {
  expect(await storedBundle()).toBeNull()
})

it('the first visit stores the whole library under its version', async () => {
  expect(await fetchNewer(null)).toMatchObject({ version: 'v1' })
  expect(fetched).toEqual(['/api/v1/library?locale=en', '/api/v1/library/bundle?locale=en&v=v1'])
  expect(await storedBundle()).toMatchObject({ version: 'v1' })
})

it('the page and the service worker, asking at once, download it once', async () => {
  await Promise.all([fetchNewer(null), fetchNewer(null)])
  expect(fetched.filter((url) => url.includes('/bundle'))).toHaveLength(1)
})

it('the same version is not fetched again', async () => {
  await fetchNewer(null)
  expect(await fetchNewer('v1')).toBeNull()
  expect(fetched.filter((url) => url.includes('/bundle'))).toHaveLength(1)
})

it('a new version replaces the old one; offline the old one stays', async () => {
  await fetchNewer(null)
  version = 'v2'
  expect(await fetchNewer('v1')).toMatchObject({ version: 'v2' })
  expect(cache.entries.size).toBe(1)
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  await expect(fetchNewer('v2')).rejects.toMatchObject({ name: 'Offline' })
  expect(await storedBundle()).toMatchObject({ version: 'v2' })
})
