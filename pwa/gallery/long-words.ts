// A pseudo-language: about 40 % longer, with marks, between brackets. What is hard-coded or cut off shows.
import catalogue from 'heartwood:messages'
import account from 'heartwood:messages/account'

const pseudo = (text: string): string =>
  `[${text.replace(/([aeiou])(?![^{]*\})/gi, (letter) => `${letter}${letter}\u0301`)}${'~'.repeat(Math.ceil(text.length / 9))}]`

function change(node: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') node[key] = pseudo(value)
    else if (typeof value === 'object' && value && key !== 'hours' && key !== 'ids') {
      change(value as Record<string, unknown>)
    }
  }
}

/** Changes every word of the interface. Call it before a screen is loaded. */
export function lengthen(): void {
  change(catalogue)
  change(account)
}
