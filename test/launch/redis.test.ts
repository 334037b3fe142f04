import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { startRedis } from '#src/launch/redis.ts'

test('without an installed redis-server a stand-in answers, on the same port after a restart', async () => {
  const first = await startRedis({ path: '/nowhere' })
  expect(first.standIn).toBe(true)
  const client = new Redis(first.url)
  client.on('error', () => {}) // Its server is killed on purpose.
  onTestFinished(() => client.disconnect())
  await client.xadd('consciousness:stream', 'MAXLEN', '~', 100, '*', 'level', '7')
  expect(await client.xlen('consciousness:stream')).toBe(1)
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  const { port, password } = new URL(first.url)
  const second = await startRedis({ path: '/nowhere', port: Number(port), password })
  expect(second.url).toBe(first.url)
  expect(await client.ping()).toBe('PONG')
  await second.stop()
})
