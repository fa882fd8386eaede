// What Daylio calls its five moods, by language.
import type { Mood } from '../types.ts'

/** A name without case, accents and outer blanks, to compare by. */
export const foldName = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()

/** From the best to the worst. */
const NAMES: readonly (readonly [string, string, string, string, string])[] = [
  ['rad', 'good', 'meh', 'bad', 'awful'],
  ['super', 'gut', 'ok', 'schlecht', 'lausig'],
  ['super', 'bien', 'bof', 'mal', 'horrible'],
  ['genial', 'bien', 'normal', 'mal', 'horrible'],
  ['radical', 'bom', 'indiferente', 'mau', 'horrível'],
  ['fantastico', 'bene', 'così così', 'male', 'terribile'],
  ['geweldig', 'goed', 'matig', 'slecht', 'vreselijk'],
  ['super', 'dobrze', 'tak sobie', 'źle', 'okropnie'],
  ['супер', 'хорошо', 'так себе', 'плохо', 'ужасно'],
  ['最高', '良い', '普通', '悪い', '最悪'],
  ['最高', '良い', 'まあまあ', '悪い', '最悪'],
  ['super', 'dobře', 'nic moc', 'špatně', 'hrozně'],
  ['toppen', 'bra', 'sådär', 'dåligt', 'hemskt'],
]

/** A folded name to its mood. */
export const GIVEN_MOODS: ReadonlyMap<string, Mood> = new Map(
  NAMES.flatMap((names) => names.map((name, index) => [foldName(name), (5 - index) as Mood] as const)),
)
