// What belongs to the account on a phone: kept apart from it, since the service worker's tests know no passkeys.
async function modules() {
  const [enter, joins, newKey, passkeys, passphrase, reseal, signIn] = await Promise.all([
    import('../../src/account/enter.ts'),
    import('../../src/account/joins.ts'),
    import('../../src/account/new-key.ts'),
    import('../../src/account/passkeys.ts'),
    import('../../src/account/passphrase.ts'),
    import('../../src/account/reseal.ts'),
    import('../../src/account/sign-in.ts'),
  ])
  return { ...enter, ...joins, ...newKey, ...passkeys, ...passphrase, ...reseal, ...signIn }
}

export type Ways = Awaited<ReturnType<typeof modules>>

/** The account's modules of the phone that was made last. */
export const waysOf = (): Promise<Ways> => modules()
