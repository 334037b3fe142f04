import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { startRedis } from '#src/launch/redis.ts'
import { createStreams, type Streams } from '#src/streams/streams.ts'
import { quietLog } from '../support/quiet-log.ts'

let server: Awaited<ReturnType<typeof startRedis>>
let redis: RedisConnection
let listener: Redis
let streams: Streams
beforeAll(async () => {
  server = await startRedis({ path: process.env.PATH })
  redis = createRedis({ url: server.url, log: quietLog() })
  listener = new Redis(server.url)
  streams = createStreams({ redis, clock: systemClock(), log: quietLog() })
})
afterAll(async () => {
  await streams.close()
  listener.disconnect()
  await redis.close()
  await server.stop()
})

test('what is published once under a key is published, appended and listed once, however often it is asked', async () => {
  const heard: string[] = []
  listener.on('message', (_, text) => heard.push(text))
  await listener.subscribe('once-only')
  const options = { once: { key: 'an event', seconds: 60 }, list: { key: 'a-list', most: 10 } }
  const ids = await Promise.all([1, 2, 3].map(() => streams.publish('once-only', { a: 1 }, options)))
  expect(new Set(ids).size).toBe(1)
  await streams.publish('once-only', { end: true })
  await expect.poll(() => heard.length).toBe(2)
  expect(heard.map((text) => JSON.parse(text))).toEqual([{ a: 1, stream_id: ids[0] }, expect.objectContaining({ end: true })])
  expect(await streams.read('once-only', { count: 10 })).toHaveLength(2)
  expect(await redis.client.lrange('a-list', 0, -1)).toEqual(['{"a":1}'])
  expect(await redis.client.ttl('helix:once:an event')).toBeGreaterThan(0)
})

test('a list keeps only its newest', async () => {
  for (const n of [1, 2, 3]) await streams.publish('listed', { n }, { list: { key: 'short', most: 2 } })
  expect(await redis.client.lrange('short', 0, -1)).toEqual(['{"n":3}', '{"n":2}'])
})

test('a key holds the newest message', async () => {
  for (const n of [1, 2]) await streams.publish('readings', { n }, { latest: 'the-newest' })
  expect(await redis.client.get('the-newest')).toBe('{"n":2}')
})
