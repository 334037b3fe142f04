import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer, secrets } from '#test/support/service.ts'
import { type RunningService, startService, stopService } from '../service-process.ts'
import { connectTo, type Listening, reading } from './running.ts'

let redis: RedisServer
let replicas: RunningService[]
const start = () => startService('websocket-streaming', { REDIS_URL: redis.url, ...secrets })
beforeAll(async () => {
  redis = await redisServer()
  replicas = await Promise.all([start(), start()])
})
afterAll(async () => {
  for (const replica of replicas) await stopService(replica, 'SIGKILL')
  await redis.stop()
})

const admin = { headers: bearer({ sub: 'boss', role: 'admin' }) }
const publish = (service: RunningService, n: number) =>
  fetch(`${service.url}/api/consciousness/publish`, {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body: JSON.stringify(reading({ ucf_metrics: { n } })),
  })
const numbers = ({ texts }: Listening) => texts.map((text) => JSON.parse(text).ucf_metrics.n)

test('clients of either process get everything, whichever process took it, once and in the same order', async () => {
  const clients = await Promise.all(replicas.map(({ url }) => connectTo(url, '/ws/consciousness')))
  for (let n = 0; n < 100; n += 1) expect((await publish(replicas[n % 2]!, n)).status).toBe(200)
  for (const client of clients) {
    await client.count(100)
    expect(numbers(client)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    client.ws.close()
  }
})

test('an admin sees every channel, the clients of all processes, who comes and goes, and disconnects one of another process', async () => {
  const boss = await connectTo(replicas[0]!.url, '/ws/consciousness/admin', admin)
  const { channels } = await boss.json(({ type }) => type === 'subscribed')
  expect(channels).toEqual(expect.arrayContaining(['voice_events', 'zapier_events', 'helix:streaming-clients']))
  const client = await connectTo(replicas[1]!.url, '/ws/consciousness?client_id=dashboard&agents=kael', {
    headers: bearer({ sub: 'someone' }),
  })
  const came = await boss.json(({ data }) => data?.event === 'client_connected' && data.client.client_id === 'dashboard')
  const { connection } = came.data.client
  boss.send({ type: 'clients' })
  const list = await boss.json(({ type }) => type === 'clients')
  expect(list.total).toBe(list.clients.length)
  expect(list.clients.find((each: { connection: string }) => each.connection === connection)).toMatchObject({
    subject: 'someone',
    client_id: 'dashboard',
    role: 'operator',
    slow: false,
  })
  boss.send({ type: 'disconnect', connection, reason: 'Please update.' })
  expect(await client.closed).toEqual([4403, 'Please update.'])
  await boss.json(({ data }) => data?.event === 'client_disconnected' && data.client.connection === connection && data.code === 4403)
  boss.send({ type: 'disconnect', client_id: 'nobody' })
  expect(await boss.json(({ type }) => type === 'error')).toEqual({ type: 'error', detail: 'There is no such client.' })
  boss.ws.close()
})

test('the same over HTTP, for admins alone', async () => {
  const client = await connectTo(replicas[1]!.url, '/ws/consciousness?client_id=over-http')
  const { Redis } = await import('ioredis')
  const writer = new Redis(redis.url)
  await writer.hset('helix:streaming:replicas', 'of another version', '{"what":"is this"}', 'broken', 'not json')
  writer.disconnect()
  const list = async () => (await (await fetch(`${replicas[1]!.url}/api/consciousness/clients`, admin)).json()).clients
  const { connection } = (await list()).find((each: { client_id: string }) => each.client_id === 'over-http')
  const remove = (id: string, headers: HeadersInit) =>
    fetch(`${replicas[1]!.url}/api/consciousness/clients/${id}`, { method: 'DELETE', headers })
  expect((await remove(connection, bearer())).status).toBe(403)
  expect((await remove('nobody', admin.headers)).status).toBe(404)
  expect((await remove(connection, admin.headers)).status).toBe(200)
  expect((await client.closed)[0]).toBe(4403)
  expect((await fetch(`${replicas[1]!.url}/api/consciousness/clients`, { headers: bearer() })).status).toBe(403)
})

test('the admin socket is closed with 4403 for everybody else', async () => {
  const client = await connectTo(replicas[0]!.url, '/ws/consciousness/admin', { headers: bearer({ sub: 'x', role: 'deployer' }) })
  expect(await client.closed).toEqual([4403, 'This needs the role admin.'])
})

test('a replica that stops closes its clients with 1012 and exits with 0; the next one replays what they missed', async () => {
  const replica = await start()
  const client = await connectTo(replica.url, '/ws/consciousness?channels=consciousness_stream')
  const unknown = await connectTo(replica.url, '/ws/consciousness', { headers: {} })
  await client.json(({ type }) => type === 'subscribed')
  await publish(replicas[0]!, 1)
  const { id } = await client.json(({ type }) => type === 'message')
  const stopped = stopService(replica)
  expect((await client.closed)[0]).toBe(1012)
  expect((await unknown.closed)[0]).toBe(1012)
  expect(await stopped).toBe(0)
  await publish(replicas[0]!, 2)
  const again = await connectTo(replicas[1]!.url, `/ws/consciousness?after=${id}`)
  expect((await again.json(({ type }) => type === 'message')).data.ucf_metrics).toEqual({ n: 2 })
  again.ws.close()
})

test('a process that is killed under load takes nothing with it: foreign readings reach the clients of the other one, each once', async () => {
  const doomed = await start()
  const client = await connectTo(replicas[1]!.url, '/ws/consciousness')
  const { Redis } = await import('ioredis')
  const foreign = new Redis(redis.url)
  for (let n = 0; n < 300; n += 1) {
    const sent = foreign.publish('consciousness_stream', JSON.stringify(reading({ ucf_metrics: { n } })))
    if (n === 150) doomed.child.kill('SIGKILL')
    if (n % 20 === 0) await sent
  }
  await client.count(300)
  expect(numbers(client)).toEqual(Array.from({ length: 300 }, (_, n) => n))
  foreign.disconnect()
  client.ws.close()
})
