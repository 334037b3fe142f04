import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer } from '#test/support/service.ts'
import { type Listening, reading, type Streaming, startStreaming } from './running.ts'

let redis: RedisServer
let service: Streaming
beforeAll(async () => {
  redis = await redisServer()
  service = await startStreaming(redis.url, { streams: { maxLength: 100 }, limits: { replayPage: 50 } })
})
afterAll(async () => {
  await service.stop()
  await redis.stop()
})

const publish = (agent: string, n: number, channel = 'consciousness_stream') => service.streams.publish(channel, { agent_id: agent, n })
/** What came of the streams: the number of each message. */
const numbers = ({ texts }: Listening) =>
  texts.map((text) => JSON.parse(text)).flatMap(({ type, data }) => (type === 'message' ? [data.n] : []))
const message = (n: number) => (text: { type: string; data: { n: number } }) => text.type === 'message' && text.data.n === n

test('a client that asks for nothing gets the messages of consciousness_stream just as they were published, and nothing else', async () => {
  const client = await service.connect()
  const foreign = '{ "agent_id" : "kael",\t"consciousness_level": 7.50, "note": "é😀" }'
  await service.streams.publish('agent_events', { event: 'agent_created' })
  await service.redis.client.publish('consciousness_stream', foreign)
  await client.count(1)
  await service.streams.publish('consciousness_stream', { agent_id: 'own' })
  expect(await client.count(2)).toEqual([foreign, '{"agent_id":"own"}'])
  client.ws.close()
})

test.each([
  ['in the URL', undefined],
  ['in its first message', 'first'],
  ['later', 'later'],
])('a client asks %s for channels and agents, and gets those, with channel and id', async (_when, when) => {
  const asked = { channels: ['consciousness_stream', 'agent_events'], agents: ['kael', 'lumina'] }
  const query = `?channels=${asked.channels}&agents=${asked.agents}`
  const client = await service.connect(`/ws/consciousness${when ? '' : query}`)
  if (when) client.send({ type: 'subscribe', ...asked })
  expect(await client.json(({ type }) => type === 'subscribed')).toEqual({ type: 'subscribed', ...asked })
  await publish('kael', 1)
  await publish('vega', 2)
  await publish('lumina', 3, 'agent_events')
  await publish('lumina', 4, 'health-status')
  const id = await publish('kael', 5)
  expect(await client.json(message(5))).toEqual({ type: 'message', channel: 'consciousness_stream', id, data: { agent_id: 'kael', n: 5 } })
  expect(numbers(client).sort()).toEqual([1, 3, 5])
  client.send({ type: 'subscribe', channels: ['health-status'] })
  await client.json(({ channels }) => channels?.[0] === 'health-status')
  await publish('lumina', 6, 'health-status')
  await client.json(message(6))
  client.send({ type: 'unsubscribe' })
  await client.json(({ type }) => type === 'unsubscribed')
  await publish('lumina', 7, 'health-status')
  client.send('end')
  await client.json((text) => text === 'Echo: end')
  expect(client.texts.filter((text) => text.includes('"n":7'))).toEqual([])
  client.ws.close()
})

test('channels that do not exist, or are not for this role, are refused by name, and what was subscribed stays', async () => {
  const client = await service.connect('/ws/consciousness?agents=kael', { headers: bearer({ sub: 'v', role: 'viewer' }) })
  await client.json(({ type }) => type === 'subscribed')
  for (const channels of [['nonsense'], ['voice_events'], ['helix:streaming-clients']]) {
    client.send({ type: 'subscribe', channels })
    const { detail } = await client.json((text) => text.type === 'error' && text.detail.includes(`no channel ${channels}`))
    expect(detail).toContain('consciousness_stream')
    expect(detail).not.toMatch(/There are: .*(voice_events|streaming-clients)/)
  }
  await publish('kael', 11)
  await client.json(message(11))
  client.send({ type: 'subscribe', channels: ['*'] })
  const { channels } = await client.json((text) => text.type === 'subscribed' && text.channels.length > 1)
  expect(channels).toContain('health-status')
  expect(channels).not.toContain('zapier_events')
  client.ws.close()
})

test('a client that names its last message gets what followed, then what happens: under load nothing twice and nothing left out', async () => {
  const after = await publish('kael', 100)
  for (let n = 101; n < 170; n += 1) await publish('kael', n)
  const publishing = (async () => {
    for (let n = 170; n < 400; n += 1) await service.streams.publish('consciousness:stream', { n }).then(() => publish('kael', n))
  })()
  // Each at another moment of the load.
  const clients = await Promise.all(Array.from({ length: 20 }, () => service.connect(`/ws/consciousness?after=${after}`)))
  await publishing
  for (const client of clients) {
    await client.json(message(399))
    const replayed = (await client.json(({ type }) => type === 'live')).replayed
    expect(replayed).toBeGreaterThanOrEqual(69)
    expect(numbers(client)).toEqual(Array.from({ length: 299 }, (_, index) => 101 + index))
    client.ws.close()
  }
})

test('what was trimmed before a replay is a gap, with its size where the last message is still known', async () => {
  const channel = 'agent:coordination'
  const first = await publish('a', 0, channel)
  for (let n = 1; n < 350; n += 1) await publish('a', n, channel)
  const left = await service.streams.read(channel, { after: '0', count: 1_000 })
  const beginning = 350 - left.length
  expect(beginning).toBeGreaterThan(0)
  for (const after of [first, '0']) {
    const client = await service.connect(`/ws/consciousness?channels=${channel}&after=${after}`)
    await client.json(({ type }) => type === 'live')
    expect(JSON.parse(client.texts[1]!)).toEqual({ type: 'gap', reason: 'trimmed', channel })
    expect(numbers(client)).toEqual(Array.from({ length: left.length }, (_, index) => beginning + index))
    client.ws.close()
  }
  const client = await service.connect(`/ws/consciousness?channels=${channel}&after=${left[3]!.id}`)
  await client.json(({ type }) => type === 'live')
  expect(client.texts.filter((text) => text.includes('"gap"'))).toEqual([])
  client.ws.close()
})

test('each channel may have a last message of its own, and those without begin now', async () => {
  const after = await publish('a', 500)
  await publish('a', 501)
  await publish('a', 502, 'ucf-metrics')
  const client = await service.connect()
  client.send({ type: 'subscribe', channels: ['consciousness_stream', 'ucf-metrics'], after: { consciousness_stream: after } })
  await client.json(({ type }) => type === 'live')
  await publish('a', 503, 'ucf-metrics')
  await client.json(message(503))
  expect(numbers(client)).toEqual([501, 503])
  client.ws.close()
})

test('readings that foreign publishers only PUBLISH are heard, and kept for those who come later', async () => {
  const after = await publish('a', 600)
  await service.redis.client.publish('consciousness_stream', JSON.stringify(reading({ n: 601 })))
  const client = await service.connect(`/ws/consciousness?after=${after}`)
  await client.json(message(601))
  client.ws.close()
})
