import { afterEach, expect, test } from 'vitest'
import { freePort } from '#src/launch/free-port.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer } from '#test/support/service.ts'
import { foreignClient } from '#test/support/stream-clients.ts'
import { reading, type Streaming, startStreaming } from './running.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function start(port: number): Promise<Streaming> {
  const service = await startStreaming(`redis://:tests@127.0.0.1:${port}`)
  endings.push(service.stop)
  return service
}

async function redisAt(port: number): Promise<RedisServer> {
  const server = await redisServer({ port })
  endings.push(() => server.stop())
  return server
}

const publish = (service: Streaming, n: number) => service.ask('POST', '/api/consciousness/publish', reading({ ucf_metrics: { n } }))
const health = async (service: Streaming) => (await service.ask('GET', '/health')).body.status
const until = (service: Streaming, status: string) => expect.poll(() => health(service), { timeout: 10_000 }).toBe(status)

test('Redis away at the start: degraded, clients may connect, publishing is a 503; all works when Redis comes', async () => {
  const port = await freePort()
  const service = await start(port)
  expect(await health(service)).toBe('degraded')
  const client = await service.connect('/ws/consciousness?channels=consciousness_stream')
  const refused = await publish(service, 1)
  expect([refused.status, refused.body]).toEqual([503, { detail: 'Redis cannot be reached now.' }])
  expect((await service.ask('GET', '/api/consciousness/metrics')).status).toBe(503)
  expect((await service.ask('GET', '/api/consciousness/history')).status).toBe(503)
  await redisAt(port)
  await until(service, 'healthy')
  await expect
    .poll(
      async () => {
        await publish(service, 2)
        return client.texts.some((text) => JSON.parse(text).data?.ucf_metrics.n === 2)
      },
      { timeout: 10_000 },
    )
    .toBe(true)
  expect(client.texts.filter((text) => text.includes('"gap"'))).toEqual([])
})

test('Redis hangs: who publishes or reads is told within seconds, and what is sent again under its key is there once', async () => {
  const port = await freePort()
  const redis = await redisAt(port)
  const service = await start(port)
  const body = reading({ ucf_metrics: { n: 1 } })
  const send = () => service.ask('POST', '/api/consciousness/publish', body, { ...bearer(), 'idempotency-key': 'once' })
  expect((await publish(service, 0)).status).toBe(200)
  process.kill(redis.pid, 'SIGSTOP')
  try {
    const began = performance.now()
    const asked = [send(), service.ask('GET', '/api/consciousness/metrics'), service.ask('GET', '/api/consciousness/history')]
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([503, 503, 503])
    // Redis' own commands are given up after five seconds.
    expect(performance.now() - began).toBeLessThan(4_500)
  } finally {
    process.kill(redis.pid, 'SIGCONT')
  }
  await expect.poll(async () => (await send()).status, { timeout: 15_000 }).toBe(200)
  const { body: history } = await service.ask('GET', '/api/consciousness/history')
  expect(history.readings.filter((each: { ucf_metrics: { n?: number } }) => each.ucf_metrics.n === 1)).toHaveLength(1)
})

test('connections to Redis lost under load: every reading that was accepted reaches every client, and no gap is told', async () => {
  const port = await freePort()
  const redis = await redisAt(port)
  const service = await start(port)
  const clients = [await service.connect(), await service.connect('/ws/consciousness?channels=consciousness_stream')]
  const accepted: number[] = []
  const outcomes = new Set<number>()
  for (let n = 0; n < 200; n += 1) {
    const { status } = await publish(service, n)
    outcomes.add(status)
    if (status === 200) accepted.push(n)
    if (n % 50 === 25) await service.redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => {})
  }
  expect([...outcomes].filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(accepted.length).toBeGreaterThan(100)
  for (const client of clients) {
    await client.json((text) => (text.ucf_metrics ?? text.data?.ucf_metrics)?.n === accepted.at(-1))
    const got = client.texts.map((text) => JSON.parse(text)).flatMap((text) => (text.ucf_metrics ?? text.data?.ucf_metrics)?.n ?? [])
    // One that was answered with 503 may have been published all the same; none may be there twice.
    expect(got.filter((n) => accepted.includes(n))).toEqual(accepted)
    expect(new Set(got).size).toBe(got.length)
    expect(client.texts.filter((text) => text.includes('"gap"'))).toEqual([])
  }
  expect(redis.pid).toBeGreaterThan(0)
})

test('a Redis that comes back without its memory: clients stay, who can understand it is told of a gap, and readings flow again', async () => {
  const port = await freePort()
  const redis = await redisAt(port)
  const service = await start(port)
  const [legacy, client] = [await service.connect(), await service.connect('/ws/consciousness?channels=consciousness_stream')]
  await publish(service, 1)
  await client.count(2)
  await redis.stop()
  await until(service, 'degraded')
  expect((await publish(service, 2)).status).toBe(503)
  await redisAt(port)
  await until(service, 'healthy')
  expect(await client.json(({ type }) => type === 'gap')).toEqual({ type: 'gap', reason: 'lost', channel: 'consciousness_stream' })
  await expect.poll(async () => (await publish(service, 3)).status).toBe(200)
  await client.json(({ data }) => data?.ucf_metrics.n === 3)
  await legacy.json(({ ucf_metrics }) => ucf_metrics?.n === 3)
  expect(legacy.texts.filter((text) => text.includes('gap'))).toEqual([])
})

test('a replay while Redis is away says that it cannot, and the client goes on live', async () => {
  const port = await freePort()
  const redis = await redisAt(port)
  const service = await start(port)
  await redis.stop()
  const client = await service.connect('/ws/consciousness?after=1-0')
  expect(await client.json(({ type }) => type === 'gap')).toEqual({
    type: 'gap',
    reason: 'unavailable',
    channels: ['consciousness_stream'],
  })
  await redisAt(port)
  await expect
    .poll(
      async () => {
        await publish(service, 9)
        return client.texts.some((text) => JSON.parse(text).data?.ucf_metrics.n === 9)
      },
      { timeout: 10_000 },
    )
    .toBe(true)
})

test('what was only PUBLISHed while the service did not hear it is a gap for its clients, and for those who replay it', async () => {
  const port = await freePort()
  await redisAt(port)
  const foreign = await foreignClient(`redis://:tests@127.0.0.1:${port}`)
  endings.push(async () => foreign.close())
  const service = await start(port)
  const client = await service.connect('/ws/consciousness?channels=ucf-metrics')
  await foreign.client.publish('ucf-metrics', '{"n":0}')
  const { id } = await client.json(({ data }) => data?.n === 0)
  // In one step: it is published when nobody can hear it.
  await foreign.client.multi().call('CLIENT', 'KILL', 'TYPE', 'pubsub').publish('ucf-metrics', '{"n":1}').exec()
  await expect
    .poll(async () => {
      await foreign.client.publish('ucf-metrics', '{"n":2}')
      return client.texts.some((text) => JSON.parse(text).data?.n === 2)
    })
    .toBe(true)
  const gap = { type: 'gap', reason: 'lost', channel: 'ucf-metrics' }
  expect(client.texts.map((text) => JSON.parse(text)).filter(({ type }) => type === 'gap')).toEqual([gap])
  const later = await service.connect(`/ws/consciousness?channels=ucf-metrics&after=${id}`)
  await later.json(({ type }) => type === 'live')
  expect(JSON.parse(later.texts[1]!)).toEqual(gap)
})
