// The only place that speaks HTTP to the server.

/** A problem document (RFC 9457) that the server answered. */
export class Problem extends Error {
  override name = 'Problem'
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** What is wrong with each field, when fields are wrong. */
    readonly errors: Record<string, unknown> = {},
    /** Seconds that the server asks to wait, when it does. */
    readonly retryAfter: number | null = null,
    /** The whole document: a conflict carries `current`. */
    readonly document: Record<string, unknown> = {},
  ) {
    super(detail || code)
  }
}

/** There was no answer: no network, a captive portal, a server that is down, or 20 seconds without a word. */
export class Offline extends Error {
  override name = 'Offline'
}

const BASE = '/api/v1'
const TIMEOUT_MS = 20_000

const BACKGROUND = { 'heartwood-background': '1' }
const standing: Record<string, string> = {}

/**
 * Marks all calls from here on as made by the service worker: what it does by itself, say after a push, is not the
 * person opening the app, and nudges go by that.
 */
export function callInBackground(): void {
  Object.assign(standing, BACKGROUND)
}

async function problemOf(response: Response): Promise<Problem> {
  const document = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const text = (key: string) => (typeof document[key] === 'string' ? document[key] : '')
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Problem(
    response.status,
    text('code') || `http_${response.status}`,
    text('detail') || text('title') || response.statusText,
    (document['errors'] ?? {}) as Record<string, unknown>,
    Number.isFinite(after) ? after : null,
    document,
  )
}

/** What a page that nobody looks at does by itself, say in a tab behind others, is no opening of the app either. */
const unseen = (): boolean =>
  (globalThis as { document?: { visibilityState: string } }).document?.visibilityState === 'hidden'

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { ...standing, ...(unseen() && BACKGROUND) }
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const request: RequestInit = { method, credentials: 'same-origin', headers, signal }
  if (body !== undefined) {
    request.body = JSON.stringify(body)
    headers['content-type'] = 'application/json'
  }
  try {
    return await fetch(BASE + path, request)
  } catch (error) {
    throw new Offline(`no answer to ${method} ${path}`, { cause: error })
  }
}

async function answerTo(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await send(method, path, body)
  if (!response.ok) throw await problemOf(response)
  const type = response.headers.get('content-type') ?? ''
  // A hotel's sign-in page answers 200 with HTML to everything: that is no answer of ours.
  if (response.status !== 204 && !type.includes('json')) throw new Offline(`not JSON: ${method} ${path}`)
  return response
}

const cutOff = (error: unknown): never => {
  throw new Offline('cut off', { cause: error })
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await answerTo(method, path, body)
  return (response.status === 204 ? undefined : await response.json().catch(cutOff)) as T
}

/** Calls of the JSON API. They raise `Problem` for the server's refusals and `Offline` for no answer. */
export const api = {
  /** The JSON of a GET as text, to be kept as it came. */
  text: async (path: string): Promise<string> => (await answerTo('GET', path)).text().catch(cutOff),
  get: <T>(path: string) => call<T>('GET', path),
  post: <T = void>(path: string, body?: unknown) => call<T>('POST', path, body),
  put: <T = void>(path: string, body?: unknown) => call<T>('PUT', path, body),
  patch: <T = void>(path: string, body?: unknown) => call<T>('PATCH', path, body),
  delete: <T = void>(path: string, body?: unknown) => call<T>('DELETE', path, body),
}
