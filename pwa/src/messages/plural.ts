/** The right form for a number, by the rules of the language (CLDR). */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

const rules = new Intl.PluralRules('en')

export const plural = (count: number, forms: Forms): string => forms[rules.select(count)] ?? forms.other

/** `counted(3, 'day', 'days')` is '3 days'. */
export const counted = (count: number, one: string, other: string): string =>
  `${count} ${plural(count, { one, other })}`
