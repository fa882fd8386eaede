// The types that the app is written with have the very fields of the API's description. This is checked when the types
// are (`npm run check`); running it proves nothing more.
import { expectTypeOf, it } from 'vitest'
import type { Account, Device } from '../../src/account/account.ts'
import type { components } from '../../src/lib/api-types.d.ts'
import type {
  Book,
  Chapter,
  Guide,
  HelpLine,
  HelpLines,
  Practice,
  Reading,
  Source,
  Takeaway,
} from '../../src/library/types.ts'
import type { Nudge, Plan } from '../../src/push/plan.ts'
import type { CheckIn, Journey, Letter, Mark, SpecialDay, Urge } from '../../src/records/types.ts'
import type { Sealed } from '../../src/records/wire.ts'

type Api = components['schemas']
type Fields<T> = keyof T
/** A record's fields on the wire: those that hold words are sealed. */
type Wire<T, Words extends keyof T = never> =
  Exclude<keyof T, Words | 'unreadable'> | `sealed_${Words & string}` | 'rev' | '_deleted'

it('records have the fields of the wire', () => {
  expectTypeOf<Wire<CheckIn, 'note'>>().toEqualTypeOf<Fields<Api['CheckIn']>>()
  expectTypeOf<Wire<Urge>>().toEqualTypeOf<Fields<Api['Urge']>>()
  expectTypeOf<Wire<Letter, 'title' | 'text'>>().toEqualTypeOf<Fields<Api['Letter']>>()
  expectTypeOf<Wire<Mark>>().toEqualTypeOf<Fields<Api['Mark']>>()
  expectTypeOf<Wire<Journey, 'words'>>().toEqualTypeOf<Fields<Api['Journey']>>()
  expectTypeOf<Fields<SpecialDay>>().toEqualTypeOf<Fields<Api['SpecialDay']>>()
  expectTypeOf<Sealed>().toEqualTypeOf<{ v: number; iv: string; ct: string; k?: number }>()
})

it('so have the account, the plan and the nudges', () => {
  expectTypeOf<Fields<Account>>().toEqualTypeOf<Fields<Api['Account']>>()
  expectTypeOf<Fields<Device>>().toEqualTypeOf<Fields<Api['Session']>>()
  expectTypeOf<Fields<Plan>>().toEqualTypeOf<Fields<Api['Plan']>>()
  expectTypeOf<Fields<Nudge>>().toEqualTypeOf<Fields<Api['Nudge']>>()
})

it('so has the library', () => {
  expectTypeOf<Fields<Reading>>().toEqualTypeOf<Fields<Api['Reading']>>()
  expectTypeOf<Fields<Guide>>().toEqualTypeOf<Fields<Api['Guide']>>()
  expectTypeOf<Fields<Practice>>().toEqualTypeOf<Fields<Api['Practice']>>()
  expectTypeOf<Fields<Book>>().toEqualTypeOf<Fields<Api['Book']>>()
  expectTypeOf<Fields<Chapter>>().toEqualTypeOf<Fields<Api['Chapter']>>()
  expectTypeOf<Fields<Takeaway>>().toEqualTypeOf<Fields<Api['Takeaway']>>()
  expectTypeOf<Fields<HelpLines>>().toEqualTypeOf<Fields<Api['HelpLines']>>()
  expectTypeOf<Fields<HelpLine>>().toEqualTypeOf<Fields<Api['HelpLine']>>()
  expectTypeOf<Fields<Source>>().toEqualTypeOf<Fields<Api['LibrarySource']>>()
})
