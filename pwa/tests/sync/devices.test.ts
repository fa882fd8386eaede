// Three devices, a network that fails before or after the server did its work, edits, deletes, tombstones collected:
// when all is quiet they agree with each other and with the server, and no words are missing.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { letter, newDevice, type Device } from '../support/device.ts'
import { FakeServer } from '../support/server.ts'

type Step =
  | { do: 'write' | 'delete'; device: number; which: number }
  | { do: 'new'; device: number }
  | { do: 'sync'; device: number; network: 'up' | 'down' | 'answer_lost' }
  | { do: 'collect' }

const device = fc.nat(2)
const which = fc.nat(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write'), device, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), device, which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('new'), device }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('sync'),
      device,
      network: fc.constantFrom('up', 'down', 'answer_lost'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('collect') }) },
)

class World {
  readonly server = new FakeServer()
  readonly devices: Device[] = []
  /** Every word written, by record. */
  readonly words = new Map<string, string[]>()
  readonly deleted = new Set<string>()
  private count = 0

  async open(): Promise<void> {
    const first = await newDevice(this.server)
    this.devices.push(first, await newDevice(this.server, first), await newDevice(this.server, first))
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'collect') this.server.collectTombstones('letters')
    const device = step.do === 'collect' ? undefined : this.devices[step.device]
    if (!device || step.do === 'collect') return
    if (step.do === 'sync') return this.sync(device, step.network)
    if (step.do === 'new') return this.write(device, letter(device, ''))
    const known = (await device.allOf('letters'))[step.which]
    if (known && step.do === 'write') return this.write(device, known)
    if (known) await this.delete(device, known.id)
  }

  async quiet(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const device of this.devices) await this.sync(device, 'up')
    }
  }

  private async write(device: Device, record: ReturnType<typeof letter>): Promise<void> {
    const word = `word${(this.count += 1)}.`
    await device.putRecords('letters', [{ ...record, text: `${record.text} ${word}` }])
    this.words.set(record.id, [...(this.words.get(record.id) ?? []), word])
  }

  private async delete(device: Device, id: string): Promise<void> {
    this.deleted.add(id)
    await device.removeRecords('letters', [id])
  }

  private async sync(device: Device, network: FakeServer['network']): Promise<void> {
    this.server.network = network
    await device.syncOnce()
    this.server.network = 'up'
  }
}

async function run(steps: Step[]): Promise<void> {
  const world = new World()
  await world.open()
  try {
    for (const step of steps) await world.take(step)
    await world.quiet()
    await expectAgreement(world)
  } finally {
    for (const device of world.devices) await device.closeDatabase()
  }
}

async function expectAgreement({ devices, server, words, deleted }: World): Promise<void> {
  const states = await Promise.all(devices.map((device) => device.allOf('letters')))
  const ids = server.live('letters').map(({ id }) => id)
  for (const [index, state] of states.entries()) {
    expect(state).toEqual(states[0])
    expect(state.map(({ id }) => id)).toEqual(ids.toSorted())
    expect(await devices[index]?.countWaiting()).toBe(0)
  }
  for (const [id, written] of words) {
    if (deleted.has(id)) continue
    const text = states[0]?.find((record) => record.id === id)?.text ?? ''
    for (const word of written) expect(text).toContain(word)
  }
}

it('agree, and no words are missing', { timeout: 60_000 }, async () => {
  const steps = fc.array(step, { minLength: 4, maxLength: 30 })
  await fc.assert(fc.asyncProperty(steps, run), { numRuns: 40, seed: 20261124 })
})
