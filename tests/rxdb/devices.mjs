// Two devices that know nothing of Heartwood but RxDB's HTTP replication (rxdb.info/replication-http.html).
// Called with the server's address and a session cookie; prints what both hold in the end.
import { createRxDatabase } from 'rxdb'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'

const [address, cookie] = process.argv.slice(2)

const nullable = (type) => ({ type: [type, 'null'] })
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 36 },
    rev: { type: 'number' },
    felt_at: { type: 'string' },
    mood: { type: 'number' },
    feelings: { type: 'array', items: { type: 'string' } },
    contexts: { type: 'array', items: { type: 'string' } },
    sealed_note: nullable('object'),
  },
  required: ['id', 'felt_at', 'mood'],
}

async function ask(method, path, body) {
  const headers = { cookie, 'content-type': 'application/json' }
  const answer = await fetch(`${address}/api/v1/sync/checkins${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function device(name) {
  const database = await createRxDatabase({ name, storage: getRxStorageMemory(), multiInstance: false })
  const { checkins } = await database.addCollections({ checkins: { schema } })
  const replication = replicateRxCollection({
    collection: checkins,
    replicationIdentifier: `checkins of ${name}`,
    live: true,
    retryTime: 100,
    pull: {
      batchSize: 2,
      handler: (checkpoint, batchSize) =>
        ask('GET', `/pull?since=${checkpoint?.rev ?? 0}&limit=${batchSize}`),
    },
    push: { batchSize: 2, handler: (rows) => ask('POST', '/push', rows) },
  })
  replication.error$.subscribe((error) => {
    console.error(JSON.stringify(error.parameters?.errors ?? error.message))
    process.exitCode = 1
  })
  const inStep = async () => {
    await replication.awaitInSync()
    replication.reSync()
    await replication.awaitInSync()
  }
  const held = async () => (await checkins.find({ sort: [{ id: 'asc' }] }).exec()).map((one) => one.toJSON())
  return { checkins, inStep, held, close: () => database.close() }
}

const entry = (number, mood) => ({
  id: `0194a1b2-0000-7000-8000-00000000000${number}`,
  felt_at: `2026-01-0${number}T20:14:00.000Z`,
  mood,
  feelings: ['sad'],
  contexts: [],
  sealed_note: null,
})

const phone = await device('phone')
const tablet = await device('tablet')
for (let number = 1; number <= 5; number += 1) await phone.checkins.insert(entry(number, 2))
await phone.inStep()
await tablet.inStep()

// An edit and a delete travel back; then both change one record before either hears of the other.
const on = async (at, number) => at.checkins.findOne(entry(number).id).exec()
await (await on(tablet, 1)).patch({ mood: 4 })
await (await on(tablet, 2)).remove()
await tablet.inStep()
await phone.inStep()
await Promise.all([(await on(phone, 3)).patch({ mood: 1 }), (await on(tablet, 3)).patch({ mood: 5 })])
for (const one of [phone, tablet, phone, tablet]) await one.inStep()

console.log(JSON.stringify({ phone: await phone.held(), tablet: await tablet.held() }))
await Promise.all([phone.close(), tablet.close()])
process.exit()
