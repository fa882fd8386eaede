// A code that came with the address of a QR code: taken out of the address before anything else sees it.

let code: string | null = null

/** Takes the code from `/join#CODE`. The part after the `#` was never sent to the server. */
export function takeJoinCode(): void {
  if (location.pathname !== '/join' || location.hash.length < 2) return
  code = decodeURIComponent(location.hash.slice(1))
  history.replaceState(history.state, '', location.pathname)
}

/** The code, once. */
export function arrivedCode(): string | null {
  const arrived = code
  code = null
  return arrived
}
