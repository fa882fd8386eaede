import { beforeEach, describe, expect, it, vi } from 'vitest'
import { answerFrom, dropOldFiles, keepFiles } from '../../src/sw/offline.ts'
import { FakeCache, ORIGIN } from '../support/cache.ts'

const FILES = ['/?one', '/assets/index-abcd1234.js', '/icons/icon-192.png?one']

let cache: FakeCache
let served: Record<string, string>
const fetched: string[] = []

beforeEach(() => {
  cache = new FakeCache()
  served = Object.fromEntries(
    ['/', '/assets/index-abcd1234.js', '/icons/icon-192.png'].map((address) => [address, `old ${address}`]),
  )
  fetched.length = 0
  vi.stubGlobal('location', { origin: ORIGIN })
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) })
  vi.stubGlobal('fetch', (request: string | { url: string }) => {
    const url = typeof request === 'string' ? request : new URL(request.url).pathname
    fetched.push(url)
    const body = served[url]
    return body === undefined
      ? Promise.reject(new TypeError('no network'))
      : Promise.resolve(new Response(body))
  })
})

const ask = (path: string, change: object = {}) =>
  answerFrom(FILES, { method: 'GET', mode: 'cors', url: ORIGIN + path, ...change } as Request)
const text = async (answer: Promise<Response> | null) => (await answer)?.text()

describe('offline', () => {
  it('every place of the app is answered by its one page, every file by itself', async () => {
    await keepFiles(FILES)
    served = {}
    expect(await text(ask('/read/readings/boundaries', { mode: 'navigate' }))).toBe('old /')
    expect(await text(ask('/?nudge=1', { mode: 'navigate' }))).toBe('old /')
    expect(await text(ask('/icons/icon-192.png'))).toBe('old /icons/icon-192.png')
  })

  it.each([
    ['the API', '/api/v1/accounts/me', {}],
    ['the page that describes the API', '/api/docs', { mode: 'navigate' }],
    ['the health of the server', '/healthz', { mode: 'navigate' }],
    ['what is not of the app', '/elsewhere.txt', {}],
    ['a write', '/', { method: 'POST' }],
    ['another site', '', { url: 'https://elsewhere.example/icons/icon-192.png' }],
  ])('%s is left to the network', (_what, path, change) => {
    expect(ask(path, change)).toBeNull()
  })

  it('a file that the browser threw away comes from the network again', async () => {
    await keepFiles(FILES)
    cache.entries.clear()
    expect(await text(ask('/icons/icon-192.png'))).toBe('old /icons/icon-192.png')
  })
})

describe('a new version', () => {
  const NEXT = ['/?two', '/assets/index-efgh5678.js', '/icons/icon-192.png?one']

  it('downloads only what changed, beside the old one, which goes when it takes over', async () => {
    await keepFiles(FILES)
    fetched.length = 0
    served = { '/': 'new /', '/assets/index-efgh5678.js': 'new js' }
    await keepFiles(NEXT)
    expect(fetched.toSorted()).toEqual(['/', '/assets/index-efgh5678.js'])
    expect(await text(ask('/', { mode: 'navigate' }))).toBe('old /')
    await dropOldFiles(NEXT)
    expect(cache.entries.size).toBe(3)
  })

  it('is not installed when a file is missing, and goes on where it was cut off', async () => {
    const whole = { ...served }
    delete served['/icons/icon-192.png']
    await expect(keepFiles(FILES)).rejects.toThrow()
    await vi.waitFor(() => expect(cache.entries.size).toBe(2))
    fetched.length = 0
    served = whole
    await keepFiles(FILES)
    expect(fetched).toEqual(['/icons/icon-192.png'])
  })

  it('is not installed on an error of the server', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('busy', { status: 503 })))
    await expect(keepFiles(FILES)).rejects.toThrow('503')
    expect(cache.entries.size).toBe(0)
  })
})
