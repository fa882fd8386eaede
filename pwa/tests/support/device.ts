// A phone: its own database and its own copies of the app's modules.
import { IDBFactory } from 'fake-indexeddb'
import { vi } from 'vitest'
import type { Clear, Collection } from '../../src/records/types.ts'
import type { FakeServer } from './server.ts'

async function modules() {
  const [database, repository, engine, vault, ring, account, calls, types, uuid] = await Promise.all([
    import('../../src/records/database.ts'),
    import('../../src/records/repository.ts'),
    import('../../src/sync/engine.ts'),
    import('../../src/vault/vault.ts'),
    import('../../src/vault/ring.ts'),
    import('../../src/account/account.ts'),
    import('../../src/sync/calls.ts'),
    import('../../src/records/types.ts'),
    import('../../src/lib/uuid.ts'),
  ])
  return {
    ...database,
    ...repository,
    ...engine,
    ...vault,
    ...ring,
    ...account,
    ...calls,
    ...types,
    ...uuid,
  }
}

export type Device = Awaited<ReturnType<typeof modules>>

/** A fresh phone. With a server it has an account there, and the vault keys of `shares` when given. */
export async function newDevice(server?: FakeServer, shares?: Device): Promise<Device> {
  vi.resetModules()
  globalThis.indexedDB = new IDBFactory()
  const device = await modules()
  await device.database()
  if (server) {
    vi.stubGlobal('fetch', server.fetch)
    await device.setMeta('account', server.account)
  }
  if (shares) await device.setMeta(device.VAULT_META, await shares.vaultRing())
  return device
}

/** A record by its id, in the clear. */
export async function read<C extends Collection>(
  device: Device,
  collection: C,
  id: string,
): Promise<Clear[C] | undefined> {
  return (await device.getRecords(collection, [id]))[0]
}

/** A check-in of a given moment. */
export function checkIn(device: Device, change: Partial<Clear['checkins']> = {}): Clear['checkins'] {
  return { ...device.blank('checkins', device.uuid7()), felt_at: '2026-11-24T20:14:00.000Z', ...change }
}

/** A letter with some words. */
export function letter(
  device: Device,
  text: string,
  change: Partial<Clear['letters']> = {},
): Clear['letters'] {
  return {
    ...device.blank('letters', device.uuid7()),
    written_at: '2026-11-24T20:14:00.000Z',
    text,
    ...change,
  }
}
