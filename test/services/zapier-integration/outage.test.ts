import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startPostgres } from '#src/launch/postgres.ts'
import { muteGate } from '../../support/mute-gate.ts'
import { createEmptyDatabase } from '../../support/postgres.ts'
import { redisServer } from '../../support/redis.ts'
import { bearer } from '../../support/service.ts'
import { freePort, startService, stopService, zapierSecret } from '../service-process.ts'
import { createSender } from './sender.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

test('PostgreSQL away at the start, come, lost under load and come again: 503 with Retry-After meanwhile, and nothing accepted is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'helix-zapier-'))
  endings.push(() => rm(folder, { recursive: true, force: true }))
  const redis = await redisServer()
  endings.push(redis.stop)
  const settings = { folder, port: await freePort(), settings: { fsync: 'off' } }
  // Its password is made with its data: known once it ran.
  const made = await startPostgres(settings)
  await made.stop()
  const service = await startService('zapier-integration', { DATABASE_URL: made.url, REDIS_URL: redis.url })
  endings.push(() => stopService(service, 'SIGKILL'))
  const { send, close } = createSender(service.url, zapierSecret)
  endings.push(async () => close())
  let n = 0
  const next = () => send(JSON.stringify({ n: ++n }))
  expect((await next()).status).toBe(503)

  const first = await startPostgres(settings)
  endings.push(() => first.stop())
  await expect.poll(async () => (await next()).status, { timeout: 20_000 }).toBe(200)

  const accepted = new Set<string>()
  const refused: number[] = []
  let going = true
  const load = Array.from({ length: 8 }, async () => {
    while (going) {
      const { status, body } = await next()
      if (status === 200) accepted.add(body.event_id)
      else refused.push(status)
    }
  })
  await expect.poll(() => accepted.size, { timeout: 20_000 }).toBeGreaterThan(100)
  await first.stop()
  await expect.poll(() => refused.length, { timeout: 20_000 }).toBeGreaterThan(10)
  // More than may wait at any moment: none of it waits any longer.
  const large = 'x'.repeat(110_000)
  const away = await Promise.all(Array.from({ length: 330 }, () => send(JSON.stringify({ n: ++n, large }))))
  expect(new Set(away.map(({ status }) => status))).toEqual(new Set([503]))
  const before = accepted.size
  const second = await startPostgres(settings)
  endings.push(() => second.stop())
  await expect.poll(() => accepted.size, { timeout: 30_000 }).toBeGreaterThan(before + 100)
  going = false
  await Promise.all(load)
  expect(new Set(refused)).toEqual(new Set([503]))
  for (const id of [...accepted].filter((_, at) => at % 10 === 0)) {
    const answer = await fetch(`${service.url}/api/outcomes/${id}`, { headers: bearer() })
    expect(answer.status).toBe(200)
  }
  expect(service.child.exitCode).toBeNull()
}, 120_000)

test('PostgreSQL hangs: all who wait are told within seconds, and what may have been taken is known when it is sent again', async () => {
  const [database, redis] = await Promise.all([createEmptyDatabase(), redisServer()])
  endings.push(redis.stop, database.drop)
  const gate = await muteGate(database.url)
  endings.push(async () => gate.close())
  const service = await startService('zapier-integration', { DATABASE_URL: gate.url, REDIS_URL: redis.url })
  endings.push(() => stopService(service, 'SIGKILL'))
  const { send, close } = createSender(service.url, zapierSecret, 600)
  endings.push(async () => close())
  await expect.poll(async () => (await send('{"n":"first"}')).status, { timeout: 20_000 }).toBe(200)
  gate.hush()
  const began = performance.now()
  const bodies = Array.from({ length: 600 }, (_, n) => JSON.stringify({ n }))
  const answers = await Promise.all(bodies.map((body) => send(body)))
  // One statement's own time is 20 s, and these are several lots, each of which would wait five seconds more for a connection.
  expect(performance.now() - began).toBeLessThan(20_000)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(new Set(answers.map(({ body }) => /may have been taken|was not taken/.exec(body.detail)?.[0])).has(undefined)).toBe(false)
  const asked = performance.now()
  expect((await fetch(`${service.url}/api/webhooks/status`, { headers: bearer() })).status).toBe(503)
  expect(performance.now() - asked).toBeLessThan(10_000)
  gate.resume()
  await expect.poll(async () => (await send('{"n":"back"}')).status, { timeout: 20_000 }).not.toBe(503)
  const calmer = createSender(service.url, zapierSecret)
  endings.push(async () => calmer.close())
  const again = await Promise.all(bodies.map((body) => calmer.send(body)))
  expect(again.every(({ status }) => status === 200 || status === 409)).toBe(true)
  const status = await fetch(`${service.url}/api/webhooks/status`, { headers: bearer() })
  expect(await status.json()).toMatchObject({ webhookCount: 602 })
}, 120_000)
