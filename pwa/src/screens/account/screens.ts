// The safe copy, the lock and the quick exit: rare screens.
import Lock from '../lock/LockSettings.svelte'
import AddDevice from './AddDevice.svelte'
import Copy from './Copy.svelte'
import Join from './Join.svelte'
import NewKey from './NewKey.svelte'
import Passkeys from './Passkeys.svelte'
import Passphrase from './Passphrase.svelte'
import Privacy from './Privacy.svelte'
import Sheet from './RecoverySheet.svelte'
import SignIn from './SignIn.svelte'
import type { Screens } from '../index.svelte.ts'

export const ACCOUNT_SCREENS: Screens = {
  '/join': Join,
  '/settings/account': Copy,
  '/settings/account/add': AddDevice,
  '/settings/account/new-key': NewKey,
  '/settings/account/passkeys': Passkeys,
  '/settings/account/passphrase': Passphrase,
  '/settings/account/sheet': Sheet,
  '/settings/account/sign-in': SignIn,
  '/settings/lock': Lock,
  '/settings/privacy': Privacy,
}
