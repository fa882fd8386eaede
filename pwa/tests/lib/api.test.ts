import { expect, it, vi } from 'vitest'
import { api, Offline, Problem } from '../../src/lib/api.ts'

const answer = (status: number, body: string, headers: Record<string, string>) => {
  const response = new Response(status === 204 ? null : body, { status, headers })
  const fetch = vi.fn().mockResolvedValue(response)
  vi.stubGlobal('fetch', fetch)
  return fetch
}

const JSON_TYPE = { 'content-type': 'application/json' }

it('sends JSON to the versioned API and gives the answer', async () => {
  const fetch = answer(200, '{"id":"x"}', JSON_TYPE)
  expect(await api.put<unknown>('/checkins/x', { mood: 3 })).toEqual({ id: 'x' })
  const [url, request] = fetch.mock.calls[0] as [string, RequestInit]
  expect(url).toBe('/api/v1/checkins/x')
  expect(request).toMatchObject({ method: 'PUT', body: '{"mood":3}', credentials: 'same-origin' })
})

it.each([
  ['hidden', '1'],
  ['visible', null],
])('says in a %s page whether somebody looks at it', async (visibilityState, said) => {
  const fetch = answer(200, '{}', JSON_TYPE)
  vi.stubGlobal('document', { visibilityState })
  await api.get('/nudges/plan')
  const [, request] = fetch.mock.calls[0] as [string, RequestInit]
  expect(new Headers(request.headers).get('heartwood-background')).toBe(said)
})

it('gives nothing for an answer without content', async () => {
  answer(204, '', {})
  expect(await api.delete<unknown>('/accounts/me')).toBeUndefined()
})

it('raises the problem that the server describes', async () => {
  const document = {
    status: 422,
    code: 'invalid',
    title: 'Invalid',
    detail: 'No.',
    errors: { mood: ['1 to 5'] },
  }
  answer(422, JSON.stringify(document), { 'content-type': 'application/problem+json', 'retry-after': '30' })
  const problem: unknown = await api.post('/x', {}).catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(Problem)
  expect(problem).toMatchObject({
    status: 422,
    code: 'invalid',
    errors: { mood: ['1 to 5'] },
    retryAfter: 30,
  })
})

it('raises a problem for a refusal that is no problem document', async () => {
  answer(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' })
  await expect(api.get('/x')).rejects.toMatchObject({ status: 502, code: 'http_502', retryAfter: null })
})

it('is offline when there is no answer, or only a sign-in page of the network', async () => {
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('no network')))
  await expect(api.get('/x')).rejects.toThrow(Offline)
  answer(200, '<html>Welcome to our hotel</html>', { 'content-type': 'text/html' })
  await expect(api.get('/x')).rejects.toThrow(Offline)
  answer(200, '{"cut of', JSON_TYPE)
  await expect(api.get('/x')).rejects.toThrow(Offline)
})
