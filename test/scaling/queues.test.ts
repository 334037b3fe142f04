import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { createReadQueues, type QueueKey } from '#src/scaling/queues.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'

let server: RedisServer
let redis: RedisConnection
beforeAll(async () => {
  server = await redisServer()
  redis = createRedis({ url: server.url, log: quietLog() })
})
beforeEach(() => redis.client.flushall())
afterAll(async () => {
  await redis.close()
  await server.stop()
})

const read = async (...queues: readonly QueueKey[]) => createReadQueues({ redis, log: quietLog() })(queues)

async function stream(key: string, entries: number): Promise<void> {
  for (let count = 0; count < entries; count += 1) await redis.client.xadd(key, '*', 'n', String(count))
}

test('a list is as long as it is, and empty where there is none', async () => {
  await redis.client.rpush('jobs', 'a', 'b', 'c')
  expect(await read({ key: 'jobs' }, { key: 'none' })).toEqual([{ waiting: 3 }, { waiting: 0 }])
})

test('of a stream what the group has not read counts, and what it has not acknowledged', async () => {
  await stream('events', 10)
  await redis.client.xgroup('CREATE', 'events', 'workers', '0')
  await redis.client.xreadgroup('GROUP', 'workers', 'one', 'COUNT', 4, 'STREAMS', 'events', '>')
  expect(await read({ key: 'events', group: 'workers' })).toEqual([{ waiting: 10 }])
  const [[, entries]] = (await redis.client.xreadgroup('GROUP', 'workers', 'one', 'STREAMS', 'events', '0')) as [
    [string, [string, string[]][]],
  ]
  await redis.client.xack('events', 'workers', ...entries.map(([id]) => id))
  expect(await read({ key: 'events', group: 'workers' })).toEqual([{ waiting: 6 }])
})

test('what was trimmed before anybody read it waits for nobody', async () => {
  await stream('events', 10)
  await redis.client.xgroup('CREATE', 'events', 'workers', '0')
  await redis.client.xreadgroup('GROUP', 'workers', 'one', 'COUNT', 2, 'NOACK', 'STREAMS', 'events', '>')
  await redis.client.xtrim('events', 'MAXLEN', 3)
  expect(await read({ key: 'events', group: 'workers' })).toEqual([{ waiting: 3 }])
  await redis.client.xtrim('events', 'MAXLEN', 0)
  expect(await read({ key: 'events', group: 'workers' })).toEqual([{ waiting: 0 }])
})

test('what cannot be read is said, beside what can', async () => {
  await redis.client.set('text', 'x')
  await redis.client.rpush('jobs', 'a')
  await stream('events', 2)
  await redis.client.xgroup('CREATE', 'events', 'workers', '0')
  const answers = await read(
    { key: 'text' },
    { key: 'text', group: 'workers' },
    { key: 'events' },
    { key: 'events', group: 'others' },
    { key: 'jobs', group: 'workers' },
    { key: 'none', group: 'workers' },
    { key: 'jobs' },
  )
  expect(answers).toEqual([
    { unread: 'text is a string, neither a list nor a stream' },
    { unread: 'text is a string, neither a list nor a stream' },
    { unread: 'events is a stream: its consumer group must be named' },
    { unread: 'the stream events has no consumer group others' },
    { unread: 'jobs is a list, and has no consumer groups' },
    { unread: 'there is no stream none in Redis yet' },
    { waiting: 1 },
  ])
})

test('how far a group has come is not known where entries in between were deleted', async () => {
  await stream('events', 5)
  await redis.client.xgroup('CREATE', 'events', 'workers', '0')
  const [, , [middle]] = (await redis.client.xrange('events', '-', '+')) as unknown as [unknown, unknown, [string]]
  await redis.client.xdel('events', middle)
  const [answer] = await read({ key: 'events', group: 'workers' })
  expect(answer).toEqual({ unread: 'Redis cannot tell how far workers has read events (entries in between were deleted)' })
})

test('a Redis that is away is said, and nothing is thrown', async () => {
  const gone = createRedis({ url: 'redis://127.0.0.1:1', log: quietLog() })
  expect(await createReadQueues({ redis: gone, log: quietLog() })([{ key: 'jobs' }])).toEqual([{ unread: 'Redis cannot be reached' }])
  await gone.close()
})
