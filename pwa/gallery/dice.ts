/** Numbers that look like chance and are the same each time (mulberry32). */
export function dice(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    one: <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0],
    some: <T>(choices: readonly T[], share: number): T[] => choices.filter(() => next() < share),
    /** A UUIDv7 of a moment (RFC 9562 section 5.7). */
    id: (at: number): string => {
      const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('')
      const time = at.toString(16).padStart(12, '0')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-a${hex(3)}-${hex(12)}`
    },
  }
}

export type Dice = ReturnType<typeof dice>
