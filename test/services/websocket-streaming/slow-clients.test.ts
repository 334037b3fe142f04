import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer } from '#test/support/service.ts'
import { type Listening, type Streaming, startStreaming } from './running.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await redisServer()
})
afterAll(() => redis.stop())

const fill = 'x'.repeat(8_192)
const AGENTS = 5

async function flood(service: Streaming, messages: number): Promise<void> {
  for (let n = 0; n < messages; n += 1) {
    const sent = service.streams.publish('consciousness_stream', { agent_id: `agent ${n % AGENTS}`, n, fill })
    if (n % 20 === 19) await sent
  }
}

const figure = async (service: Streaming, name: string) => {
  const { body } = await service.ask('GET', '/metrics')
  return Number(new RegExp(`^${name}\\{[^}]*\\} (.+)$`, 'm').exec(body)?.[1])
}

/** Not read from on this side: what the service writes piles up on its own. */
function stall({ ws }: Listening): void {
  ws.pause()
}

test('a slow client is left the newest reading of each agent, in order, and told how many it missed; the others miss nothing', async () => {
  const service = await startStreaming(redis.url)
  const [slow, plain, quick] = [
    await service.connect('/ws/consciousness?channels=consciousness_stream'),
    await service.connect(),
    await service.connect(),
  ]
  await slow.json(({ type }) => type === 'subscribed')
  stall(slow)
  stall(plain)
  const messages = 2_000 // 16 MB: more than kernels keep for a connection.
  await flood(service, messages)
  await quick.count(messages)
  expect(quick.texts.map((text) => JSON.parse(text).n)).toEqual(Array.from({ length: messages }, (_, n) => n))
  expect(await figure(service, 'streaming_clients_slow')).toBe(2)
  for (const each of [slow, plain]) each.ws.resume()
  const gap = await slow.json(({ type }) => type === 'gap')
  const last = Array.from({ length: AGENTS }, (_, index) => messages - AGENTS + index)
  await slow.json(({ data }) => data?.n === messages - 1)
  const got = slow.texts.map((text) => JSON.parse(text)).flatMap(({ type, data }) => (type === 'message' ? [data.n] : []))
  expect(got.slice(-AGENTS)).toEqual(last)
  expect(got).toEqual([...got].sort((a, b) => a - b))
  expect(gap).toEqual({ type: 'gap', reason: 'slow', lost: messages - got.length })
  await plain.json(({ n }) => n === messages - 1)
  expect(plain.texts.every((text) => JSON.parse(text).agent_id)).toBe(true)
  expect(await figure(service, 'streaming_coalesced_total')).toBe(2 * messages - got.length - plain.texts.length)
  await service.stop()
})

test('a client that stays slow is dropped with 4408, and one for which too much is kept at once', async () => {
  const service = await startStreaming(redis.url, { base: { clock: hurriedClock(60) }, limits: { slowMs: 5_000 } })
  const stalled = await service.connect()
  stall(stalled)
  await flood(service, 2_000)
  await expect.poll(() => figure(service, 'streaming_clients'), { timeout: 5_000 }).toBe(0)
  expect((await service.ask('GET', '/metrics')).body).toMatch(/streaming_closed_total\{code="4408"[^}]*\} 1/)
  stalled.ws.terminate()
  await service.stop()

  const strict = await startStreaming(redis.url, { limits: { coalescedEntries: 3, closeMs: 100 } })
  const other = await strict.connect()
  stall(other)
  await flood(strict, 2_000)
  await expect.poll(() => figure(strict, 'streaming_clients')).toBe(0)
  other.ws.terminate()
  await strict.stop()
})

test('a client that asks and does not read its answers is dropped', async () => {
  const service = await startStreaming(redis.url, { limits: { messagesPerSecond: 100_000, burst: 100_000, closeMs: 100 } })
  const client = await service.connect()
  stall(client)
  const question = 'x'.repeat(60_000)
  for (let n = 0; n < 400; n += 1) client.send(question)
  await expect.poll(() => figure(service, 'streaming_clients'), { timeout: 5_000 }).toBe(0)
  client.ws.terminate()
  await service.stop()
})

/** Of many messages each is looked at once. */
function arrival({ ws }: Listening, fits: (message: { type: string; replayed?: number; data?: { live?: boolean } }) => boolean) {
  return new Promise<{ replayed?: number }>((resolve) =>
    ws.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (fits(message)) resolve(message)
    }),
  )
}

test('clients that do not read what is replayed to them hold up no other one: neither its replay, nor what happens meanwhile', async () => {
  const own = await redisServer()
  const service = await startStreaming(own.url)
  const missed = 4_000 // 16 MB.
  for (let n = 0; n < missed; n += 1) {
    const sent = service.streams.publish('ucf-metrics', { n, fill: fill.slice(0, 4_096) })
    if (n % 50 === 49) await sent
  }
  const viewer = { headers: bearer({ sub: 'viewer', role: 'viewer' }) }
  const stalled: Listening[] = []
  for (let n = 0; n < 16; n += 1) {
    const client = await service.connect('/ws/consciousness?channels=ucf-metrics&after=0-0', viewer)
    stall(client)
    stalled.push(client)
  }
  await expect.poll(() => figure(service, 'streaming_clients_slow'), { timeout: 5_000 }).toBe(stalled.length)
  for (const options of [viewer, { headers: bearer({ sub: 'another' }) }]) {
    const honest = await service.connect('/ws/consciousness?channels=ucf-metrics,consciousness_stream&after=0-0', options)
    const [heard, caughtUp] = [arrival(honest, ({ data }) => data?.live === true), arrival(honest, ({ type }) => type === 'live')]
    await service.redis.client.publish('consciousness_stream', '{"agent_id":"kael","live":true}')
    await heard
    expect((await caughtUp).replayed).toBeGreaterThanOrEqual(missed)
    honest.ws.close()
  }
  expect(await figure(service, 'streaming_clients_slow')).toBe(stalled.length)
  // Nothing is left out of a replay that waited.
  const [waited] = stalled
  waited!.ws.resume()
  await arrival(waited!, ({ type }) => type === 'live')
  const numbers = waited!.texts.map((text) => JSON.parse(text)).flatMap(({ data }) => data?.n ?? [])
  expect(numbers).toEqual(Array.from({ length: missed }, (_, n) => n))
  for (const each of stalled) each.ws.terminate()
  await service.stop()
  await own.stop()
})
