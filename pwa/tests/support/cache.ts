/** The browser's Cache Storage, as far as it is used. */
export class FakeCache {
  readonly entries = new Map<string, Response>()

  keys(): Promise<{ url: string }[]> {
    return Promise.resolve([...this.entries.keys()].map((url) => ({ url })))
  }

  match(request: string | { url: string }): Promise<Response | undefined> {
    return Promise.resolve(this.entries.get(addressOf(request))?.clone())
  }

  put(request: string, response: Response): Promise<void> {
    this.entries.set(addressOf(request), response)
    return Promise.resolve()
  }

  delete(request: { url: string }): Promise<boolean> {
    return Promise.resolve(this.entries.delete(addressOf(request)))
  }
}

export const ORIGIN = 'https://heartwood.example'

const addressOf = (request: string | { url: string }): string =>
  new URL(typeof request === 'string' ? request : request.url, ORIGIN).href
