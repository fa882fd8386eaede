// The account part of the server, in memory: ways in, wrapped keys, key versions.
import type { Sealed } from '../../src/records/wire.ts'
import { FakeServer } from './server.ts'

type Body = Record<string, unknown>
type Answer = [status: number, body?: unknown]
interface Wrapped {
  recovery?: Sealed | null
  passphrase?: Sealed | null
}

export class AccountServer extends FakeServer {
  private readonly joins = new Map<string, Sealed>()
  private auth: { name: string; key: string; kdf: unknown } | null = null
  /** The answers to attempts, by attempt. */
  private readonly attempts = new Map<string, string>()
  private code = ''

  constructor(codes: string[]) {
    super()
    this.codes = [...codes]
    const answers: Record<string, (body: never) => Answer> = {
      'POST /accounts': () => [201, { ...this.account, recovery_code: this.nextCode() }],
      'POST /sessions': (body: Body) => this.signIn(body),
      'POST /accounts/me/recovery': () => {
        this.wrapped.recovery = null
        return [201, { recovery_code: this.nextCode() }]
      },
      'PUT /accounts/me/recovery': (body: { wrapped_key: Sealed }) => {
        this.wrapped.recovery = body.wrapped_key
        return [200, this.account]
      },
      'PUT /accounts/me/login': (body: Body) => this.setLogin(body),
      'PUT /accounts/me/keys': (body: { key_version: number; wrapped_keys: Wrapped }) => this.newKey(body),
      'POST /joins': (body: { token_hash: string; wrapped_key: Sealed }) => {
        this.joins.set(body.token_hash, body.wrapped_key)
        return [201, { id: 'join', expires_at: '2026-11-24T20:24:00Z', joined_at: null, device: null }]
      },
      'GET /logins/heron/kdf': () => [200, this.auth?.kdf],
    }
    for (const [call, answer] of Object.entries(answers)) {
      this.overrides.set(call, (body) => answer(body as never))
    }
  }

  get wrapped(): Wrapped {
    return this.account['wrapped_keys'] as Wrapped
  }

  private nextCode(): string {
    this.code = this.codes.shift() ?? ''
    return this.code
  }

  private signIn(body: Body): Answer {
    const { recovery_code: code, attempt, name, auth_key: key, join_token: token } = body
    this.signedIn = true
    if (typeof code === 'string') return this.byCode(code, String(attempt))
    if (typeof token === 'string') return this.byToken(token)
    return this.auth?.name === name && this.auth?.key === key ? [200, this.account] : this.refused()
  }

  private byCode(code: string, attempt: string): Answer {
    const known = this.attempts.get(`${code}/${attempt}`)
    if (!known && code !== this.code) return this.refused()
    const next = known ?? this.nextCode()
    this.attempts.set(`${code}/${attempt}`, next)
    return [200, { ...this.account, recovery_code: next }]
  }

  /** Tokens are looked up by their hash; here the one that waits is the one that is meant. */
  private byToken(_token: string): Answer {
    const [waiting] = this.joins
    if (!waiting) return this.refused()
    this.joins.delete(waiting[0])
    return [200, { ...this.account, wrapped_keys: { ...this.wrapped, join: waiting[1] } }]
  }

  private refused(): Answer {
    this.signedIn = false
    return [401, { code: 'wrong_credentials' }]
  }

  private setLogin({ name, auth_key: key, kdf, wrapped_key }: Body): Answer {
    this.auth = { name: String(name), key: String(key), kdf }
    Object.assign(this.account, { name, has_passphrase: true })
    this.wrapped.passphrase = wrapped_key as Sealed
    return [200, this.account]
  }

  private newKey({ key_version, wrapped_keys }: { key_version: number; wrapped_keys: Wrapped }): Answer {
    if (key_version !== Number(this.account['key_version']) + 1) return [409, { code: 'conflict' }]
    Object.assign(this.account, { key_version, wrapped_keys })
    return [200, this.account]
  }
}
