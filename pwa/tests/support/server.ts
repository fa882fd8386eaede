// The sync part of the server, in memory, with its rules: one counter, conflicts by revision or content, tombstones
// that are collected, and a network that can fail before or after the server did its work.
import type { Collection } from '../../src/records/types.ts'
import type { MasterDoc, PushRow, WireDoc } from '../../src/records/wire.ts'
import { same } from '../../src/records/sealing.ts'

type Network = 'up' | 'down' | 'answer_lost'
type Answer = [status: number, body?: unknown]

interface Call {
  method: string
  path: string
  body: unknown
}

export class FakeServer {
  network: Network = 'up'
  signedIn = true
  rev = 0
  account: Record<string, unknown> = {
    id: 'account',
    created_at: '',
    timezone: 'UTC',
    locale: 'en',
    key_version: 1,
    wrapped_keys: {},
  }
  codes: string[] = []
  readonly calls: Call[] = []
  /** Answers given instead of the usual ones: by 'METHOD /path'. */
  readonly overrides = new Map<string, (body: unknown) => Answer>()
  private readonly docs = new Map<string, MasterDoc>()
  private readonly horizon = new Map<string, number>()

  readonly fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    await Promise.resolve()
    if (this.network === 'down') throw new TypeError('no network')
    const [method, path] = [init.method ?? 'GET', input.replace('/api/v1', '')]
    const body: unknown = init.body ? JSON.parse(init.body as string) : undefined
    this.calls.push({ method, path, body })
    const [status, answer] = this.answer(method, path, body)
    if (this.network === 'answer_lost') throw new TypeError('the answer was lost')
    const headers = { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }
    return new Response(status === 204 ? null : JSON.stringify(answer), { status, headers })
  }

  /** All documents of a collection that are not deleted. */
  live(collection: Collection): MasterDoc[] {
    return this.of(collection).filter((doc) => !doc._deleted)
  }

  /** Forgets the tombstones, as the server does after 180 days. */
  collectTombstones(collection: Collection): void {
    for (const doc of this.of(collection).filter((doc) => doc._deleted)) {
      this.docs.delete(`${collection}/${doc.id}`)
      this.horizon.set(collection, Math.max(this.horizon.get(collection) ?? 0, doc.rev))
    }
  }

  private of(collection: string): MasterDoc[] {
    return [...this.docs].filter(([key]) => key.startsWith(`${collection}/`)).map(([, doc]) => doc)
  }

  private answer(method: string, path: string, body: unknown): Answer {
    const override = this.overrides.get(`${method} ${path.split('?')[0] ?? ''}`)
    if (override) return override(body)
    if (method === 'POST' && path === '/accounts')
      return [201, { ...this.account, recovery_code: this.codes.shift() }]
    if (method === 'POST' && path === '/sessions')
      return [200, { ...this.account, recovery_code: this.codes.shift() }]
    if (!this.signedIn) return [401, { code: 'sign_in_required' }]
    const sync = /^\/sync\/(\w+)\/(pull|push)/.exec(path)
    if (sync?.[1] && method === 'GET') return this.pull(sync[1], new URLSearchParams(path.split('?')[1]))
    if (sync?.[1]) return [200, this.push(sync[1], body as PushRow[])]
    if (path === '/accounts/me/recovery')
      this.account['wrapped_keys'] = { recovery: (body as { wrapped_key: unknown }).wrapped_key }
    return method === 'DELETE' || path.endsWith('/outcome') ? [204] : [200, this.account]
  }

  private pull(collection: string, query: URLSearchParams): Answer {
    const [since, limit] = [Number(query.get('since')), Number(query.get('limit'))]
    const horizon = this.horizon.get(collection) ?? 0
    if (since > 0 && since < horizon) return [410, { code: 'resync_required' }]
    const position = Math.abs(since)
    const documents = this.of(collection)
      .filter(({ rev }) => rev > position)
      .sort((one, other) => one.rev - other.rev)
      .slice(0, limit)
    const full = documents.length === limit
    const last = full ? (documents.at(-1)?.rev ?? 0) : this.rev
    return [200, { documents, checkpoint: { rev: last < horizon ? -last : last } }]
  }

  private push(collection: string, rows: PushRow[]): MasterDoc[] {
    return rows.flatMap(({ newDocumentState: next, assumedMasterState: assumed }) => {
      const key = `${collection}/${next.id}`
      const stored = this.docs.get(key)
      if (stored && content(stored) === content(next)) return []
      const known = stored && assumed && (assumed.rev === stored.rev || content(assumed) === content(stored))
      if (stored && !known) return [stored]
      this.rev += 1
      const kept = next._deleted ? { id: next.id, _deleted: true } : next
      this.docs.set(key, { ...(JSON.parse(JSON.stringify(kept)) as WireDoc), rev: this.rev })
      return []
    })
  }
}

function content({ rev: _rev, ...doc }: WireDoc): string {
  if (doc._deleted) return 'deleted'
  const sorted = Object.entries(doc).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify(sorted)
}

/** Whether two documents say the same, whatever their revisions. */
export const sameContent = (one: WireDoc, other: WireDoc): boolean => same(content(one), content(other))
