import 'fake-indexeddb/auto'

// Node has Web Locks from version 24.5 on; before that, this one-at-a-time queue stands in for them.
if (!('locks' in navigator)) {
  const tails = new Map<string, Promise<unknown>>()
  const request = (name: string, work: () => Promise<unknown>) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work)
    tails.set(
      name,
      turn.catch(() => undefined),
    )
    return turn
  }
  Object.defineProperty(navigator, 'locks', { value: { request } })
}
