// The account as reactive state.
import { onMessage } from '../lib/channel.ts'
import { currentAccount, needsKey, recoveryCode, type Account } from './account.ts'

export const accountState = $state({
  /** null: none, or not on this device. */
  account: null as Account | null,
  /** This device still holds the recovery code, so that the sheet can be shown. */
  holdsCode: false,
  /** Signed in, but the words wait for a way in that brings the keys. */
  needsKey: false,
})

async function load(): Promise<void> {
  accountState.account = (await currentAccount()) ?? null
  accountState.holdsCode = (await recoveryCode()) !== undefined
  accountState.needsKey = await needsKey()
}

export async function startAccount(): Promise<void> {
  onMessage((message) => {
    if (message.type === 'account' || message.type === 'reset') void load()
  })
  await load()
}
