// The ways into an account that is there already. What was written on this device before is kept and merged in.
import { toBase64Url } from '../lib/base64url.ts'
import { api, Problem } from '../lib/api.ts'
import { uuid7 } from '../lib/uuid.ts'
import { dropMeta, getMeta, setMeta } from '../records/database.ts'
import type { Sealed } from '../records/wire.ts'
import { sha256 } from '../vault/derive.ts'
import { JOIN_PLACE, joinKeys, tokenOf } from '../vault/join.ts'
import { derive, PASSPHRASE_PLACE, type Kdf } from '../vault/passphrase.ts'
import { bytesOfCode, unwrapWithCode } from '../vault/recovery.ts'
import { unwrapRing, vaultRing, type Ring } from '../vault/ring.ts'
import { Unreadable } from '../vault/vault.ts'
import { alone, currentAccount, keepWrapped, needsKey, remember, type Account } from './account.ts'
import { takeKeys } from './enter.ts'
import { askForPasskey, PASSKEY_PLACE } from './passkeys.ts'
import { reseal } from './reseal.ts'

type Wrapped = Account['wrapped_keys'] & { passkey?: Sealed | null; join?: Sealed | null }
type Opened = Omit<Account, 'wrapped_keys'> & { wrapped_keys: Wrapped; recovery_code?: string }

export interface Entered {
  account: Account
  /** False: signed in, but the words wait for a way in that brings the keys. */
  words: boolean
}

const ATTEMPT = 'recovery_attempt'

/** A try whose answer has not come yet; repeated as it was, so that a lost answer does not use the code up. */
interface Attempt {
  /** SHA-256 of the code. */
  of: string
  id: string
}

/** With the sheet. The code is used up; `recoveryCode()` gives the new one. Raises NotACode, Problem, Offline. */
export async function signInWithRecoveryCode(code: string): Promise<Entered> {
  const attempt = await attemptFor(code)
  return alone(async () => {
    const answer = await answerTo({ recovery_code: code, attempt: attempt.id })
    const entered = await enter(answer, answer.wrapped_keys.recovery, (key) => unwrapWithCode(key, code))
    await dropMeta(ATTEMPT)
    return entered
  })
}

async function attemptFor(code: string): Promise<Attempt> {
  const of = toBase64Url(await sha256(await bytesOfCode(code)))
  const known = await getMeta<Attempt>(ATTEMPT)
  if (known?.of === of) return known
  const fresh = { of, id: uuid7() }
  await setMeta(ATTEMPT, fresh)
  return fresh
}

/** A refusal settles the attempt; silence does not. */
async function answerTo(body: Record<string, unknown>): Promise<Opened> {
  try {
    return await api.post<Opened>('/sessions', body)
  } catch (error) {
    if (error instanceof Problem && [401, 422].includes(error.status)) await dropMeta(ATTEMPT)
    throw error
  }
}

/** With a name and its passphrase. Raises Problem (401 `wrong_credentials`), Offline. */
export async function signInWithPassphrase(name: string, passphrase: string): Promise<Entered> {
  const kdf = await api.get<Kdf>(`/logins/${encodeURIComponent(name)}/kdf`)
  const { authKey, wrapping } = await derive(passphrase, kdf)
  return alone(async () => {
    const answer = await answerTo({ name, auth_key: authKey })
    return enter(answer, answer.wrapped_keys.passphrase, (key) => unwrapRing(wrapping, key, PASSPHRASE_PLACE))
  })
}

/** With a passkey. Call it straight from a tap. Raises NotChosen, Problem, Offline. */
export async function signInWithPasskey(): Promise<Entered> {
  const { credential, wrapping } = await askForPasskey()
  return alone(async () => {
    const answer = await answerTo({ passkey: credential })
    const wrapped = wrapping ? answer.wrapped_keys.passkey : null
    return enter(answer, wrapped, (key) => unwrapRing(wrapping as CryptoKey, key, PASSKEY_PLACE))
  })
}

/** With the code that another device shows. Raises NotACode, Problem (401 `wrong_credentials`), Offline. */
export async function signInWithJoinCode(code: string): Promise<Entered> {
  const keys = await joinKeys(code)
  return alone(async () => {
    const answer = await answerTo({ join_token: tokenOf(keys) })
    return enter(answer, answer.wrapped_keys.join, (key) => unwrapRing(keys.wrapping, key, JOIN_PLACE))
  })
}

async function enter(
  { recovery_code: next, ...account }: Opened,
  wrapped: Sealed | null | undefined,
  open: (wrapped: Sealed) => Promise<Ring>,
): Promise<Entered> {
  const mine = (await currentAccount())?.id === account.id
  const ring = wrapped ? await open(wrapped).catch(unlessUnreadable) : null
  const fits = ring !== null && ring.version >= account.key_version
  const words = fits || (mine && (await isUpToDate(account)))
  if (fits) await takeKeys(ring, mine)
  await remember(account, next, !words)
  await keepWrapped()
  await reseal()
  return { account, words }
}

/** Keys that do not open are as good as none: the person is in, and the words wait for another way. */
function unlessUnreadable(error: unknown): null {
  if (error instanceof Unreadable) return null
  throw error
}

/** Signing in again on a device that has the keys brings nothing new. */
async function isUpToDate({ key_version }: Account): Promise<boolean> {
  return !(await needsKey()) && (await vaultRing()).version === key_version
}
