/** Words with places to fill: `{name}` stands for a value, and a message may have a form for each plural rule. */
import { once } from '../lib/once.ts'

/** The forms of a message by CLDR plural category; `{count}` decides. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
export type Message = string | Forms

/** The places of a message: `Places<'{now} of {all}'>` is `'now' | 'all'`. */
export type Places<M> = M extends string
  ? M extends `${string}{${infer Place}}${infer Rest}`
    ? Place | Places<Rest>
    : never
  : M extends Forms
    ? Places<M['other']> | 'count'
    : never

export type Values<M> = Record<Places<M>, string | number>

const rules = once(() => new Intl.PluralRules('en'))
const grouped = once(() => new Intl.NumberFormat('en-GB'))

/** Grouped from 10,000 on; a year stays as it is, and the first screen does not wait for a formatter. */
const shown = (value: string | number | undefined): string =>
  typeof value === 'number' && value >= 10_000 ? grouped().format(value) : String(value)

const formOf = (message: Message, count: unknown): string =>
  typeof message === 'string' ? message : (message[rules().select(Number(count))] ?? message.other)

/** The message with its places filled. Which places there are is checked by the compiler. */
export function fill<const M extends Message>(message: M, values: Values<M>): string {
  const given: Record<string, string | number> = values
  return formOf(message, given['count']).replace(/\{(\w+)\}/g, (_, place: string) => shown(given[place]))
}
