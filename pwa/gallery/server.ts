// The server of the gallery: the same short answers each time, and none to anything else.
import answers from './server.json'

export type Answers = Record<string, unknown>

/** Answers the calls of the app by 'GET /path'; what a state says itself goes before what all share. */
export function serve(own: Answers = {}): void {
  const known: Answers = { ...answers, ...own }
  const real = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const path = /^\/api\/v1([^?]*)/.exec(input instanceof Request ? input.url : input.toString())?.[1]
    if (path === undefined) return real(input, init)
    const answer = known[`${init?.method ?? 'GET'} ${path}`]
    if (answer === undefined) throw new TypeError('nobody answers')
    return Response.json(answer)
  }
}

/** The account as the server tells it. */
export const account = answers['GET /accounts/me']
