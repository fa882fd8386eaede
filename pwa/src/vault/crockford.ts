// Crockford's base 32, in groups of four, for codes that are read aloud and typed.

export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUPS = /.{4}/g

/** The code was mistyped: wrong length, a letter that is not used, or check bits that do not fit. */
export class NotACode extends Error {
  override name = 'NotACode'
}

/** The letters and digits alone, from anything a person may type: small letters, spaces, O for 0, I and L for 1. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}

/** A code as it is shown: groups of four joined by hyphens. */
export function tidyCode(typed: string): string {
  const plain = plainCode(typed)
  return plain.match(GROUPS)?.join('-') ?? plain
}

/** The value of each letter; raises NotACode unless there are `length` of them. */
export function digitsOf(typed: string, length: number): number[] {
  const digits = Array.from(plainCode(typed), (char) => ALPHABET.indexOf(char))
  if (digits.length !== length || digits.includes(-1)) {
    throw new NotACode(`${length} letters and digits are expected`)
  }
  return digits
}
