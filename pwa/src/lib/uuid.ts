let lastMillis = 0
let lastCount = 0

/**
 * A new UUIDv7 (RFC 9562 section 5.7): milliseconds, then a 12-bit counter (method 1) so that ids made in
 * the same millisecond sort in the order they were made, then random bits.
 */
export function uuid7(now: number = Date.now()): string {
  lastCount = now > lastMillis ? randomStart() : lastCount + 1
  lastMillis = Math.max(now, lastMillis)
  if (lastCount > 0xfff) {
    lastMillis += 1
    lastCount = randomStart()
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return asUuid(bytes, lastMillis, lastCount)
}

/**
 * The id that every device gives to the same thing: timestamp 0, the other bits from the SHA-256 of
 * `heartwood:<collection>:<item>`. Two devices that never met agree on it.
 */
export async function wellKnownId(collection: 'marks' | 'journey', item: string): Promise<string> {
  const text = new TextEncoder().encode(`heartwood:${collection}:${item}`)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
  const bytes = new Uint8Array(16)
  bytes.set(digest.subarray(0, 10), 6)
  return asUuid(bytes, 0, ((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0))
}

const randomStart = () => new DataView(crypto.getRandomValues(new Uint8Array(2)).buffer).getUint16(0) & 0x7ff

function asUuid(bytes: Uint8Array, millis: number, twelveBits: number): string {
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Math.floor(millis / 0x10000))
  view.setUint16(4, millis % 0x10000)
  view.setUint16(6, 0x7000 | (twelveBits & 0xfff))
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
