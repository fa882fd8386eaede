// What went wrong with a way in, in words.
import { NotChosen } from '../../account/webauthn.ts'
import { Offline, Problem } from '../../lib/api.ts'
import { a } from '../../messages/account.ts'
import { fill, t } from '../../messages/index.ts'

/** `refused` is said when the server, or the code itself, says that it does not fit. */
export function troubleOf(error: unknown, refused: string): string {
  if (error instanceof Offline) return t.common.noAnswer
  if (error instanceof NotChosen) return a.signIn.passkeyNone
  if (error instanceof Problem && error.status === 429) {
    return fill(a.signIn.tooMany, { minutes: Math.ceil((error.retryAfter ?? 60) / 60) })
  }
  if (error instanceof Problem && error.status >= 500) return t.common.wentWrong
  return refused
}
