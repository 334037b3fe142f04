import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { createEmptyDatabase, type TestDatabase } from '../../support/postgres.ts'
import { redisServer } from '../../support/redis.ts'
import { bearer } from '../../support/service.ts'
import { type RunningService, startService, stopService, zapierSecret } from '../service-process.ts'
import { createSender } from './sender.ts'

let database: TestDatabase
let redis: RedisServer
let listener: Redis
let service: RunningService
beforeAll(async () => {
  ;[database, redis] = await Promise.all([createEmptyDatabase(), redisServer()])
  listener = new Redis(redis.url)
})
afterAll(async () => {
  if (service) await stopService(service, 'SIGKILL')
  listener?.disconnect()
  await redis?.stop()
  await database?.drop()
})

const start = () => startService('zapier-integration', { DATABASE_URL: database.url, REDIS_URL: redis.url })

test('SIGKILL in the middle of the load, twice: every accepted event takes effect exactly once', async () => {
  const told = new Map<string, number>()
  listener.on('message', (_, text: string) => {
    const { event_id } = JSON.parse(text)
    told.set(event_id, (told.get(event_id) ?? 0) + 1)
  })
  await listener.subscribe('zapier_events')
  const accepted = new Set<string>()
  for (const round of [1, 2]) {
    service = await start()
    const { send, close } = createSender(service.url, zapierSecret)
    const kill = Promise.withResolvers<void>()
    let answered = 0
    // Each sender goes on until the process is gone under it.
    const sending = Array.from({ length: 32 }, async (_, sender) => {
      for (let n = 0; ; n += 1) {
        const answer = await send(JSON.stringify({ round, sender, n })).catch(() => undefined)
        if (answer === undefined) return
        if (answer.status === 200) accepted.add(answer.body.event_id)
        answered += 1
        if (answered === 700) kill.resolve()
      }
    })
    await kill.promise
    expect(await stopService(service, 'SIGKILL')).toBe('SIGKILL')
    await Promise.all(sending)
    close()
  }
  expect(accepted.size).toBeGreaterThan(1_300)
  // Some were left undone, else this proves nothing.
  const before = new Map(told)
  service = await start()
  await expect.poll(() => [...accepted].filter((id) => !told.has(id)).length, { timeout: 40_000, interval: 100 }).toBe(0)
  expect([...accepted].some((id) => !before.has(id))).toBe(true)
  await expect.poll(() => queueDepth(service), { timeout: 40_000, interval: 200 }).toBe(0)
  const twice = [...told].filter(([, times]) => times !== 1)
  expect(twice).toEqual([])
  expect(await counted(service)).toBe(told.size)
}, 120_000)

async function status({ url }: RunningService) {
  const answer = await fetch(`${url}/api/webhooks/status`, { headers: bearer() })
  return (await answer.json()) as { webhookCount: number; queueDepth: number }
}

const queueDepth = async (running: RunningService) => (await status(running)).queueDepth
const counted = async (running: RunningService) => (await status(running)).webhookCount
