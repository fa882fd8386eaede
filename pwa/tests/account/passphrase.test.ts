import { expect, it } from 'vitest'
import { strengthOf } from '../../src/account/passphrase.ts'

it.each([
  ['', 'short'],
  ['kettle', 'short'],
  ['         a', 'short'],
  ['aaaaaaaaaaaaaaaa', 'plain'],
  ['12345678901234', 'plain'],
  ['heartwood1', 'plain'],
  ['kettle sleeve harbour', 'good'],
  ['Tr0ub4dor&3xyzw', 'good'],
  ['kettle sleeve harbour moth lantern', 'strong'],
  ['vG7!pQ2#zL9@xW4$kM1%', 'strong'],
])('%j is %s', (passphrase, strength) => {
  expect(strengthOf(passphrase)).toBe(strength)
})
