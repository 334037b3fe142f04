import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { createStatusKeys } from '#services/agent-orchestrator/status-keys.ts'
import { createRedis } from '#src/adapters/redis/redis.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { freePort } from '#src/launch/free-port.ts'
import { muteGate } from '#test/support/mute-gate.ts'
import { createEmptyDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { type RunningOrchestrator, startOrchestrator } from './running.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** What subscribers of Redis hear on these channels, in their order. */
async function ear(url: string, channels: readonly string[]) {
  const subscriber = new Redis(url)
  endings.push(async () => subscriber.disconnect())
  const heard: Record<string, unknown>[] = []
  subscriber.on('message', (channel, text) => heard.push({ channel, ...JSON.parse(text) }))
  await subscriber.subscribe(...channels)
  return heard
}

test('with Redis away everything but what agents wrote there works, health says so, and every event is told in order once it is back', async () => {
  const port = await freePort()
  let redis = await redisServer({ port })
  endings.push(() => redis.stop())
  const service = await startOrchestrator({ redis })
  endings.push(service.stop)
  await service.agent('kael')
  await redis.stop()
  const id = await service.task('kael')
  const { lease } = (await service.claim('kael'))!
  await service.ask('POST', `/api/tasks/${id}/result`, { lease, result: 1 })
  expect((await service.ask('POST', '/api/agents/kael/heartbeat', {})).status).toBe(200)
  const asked = performance.now()
  expect(await service.ask('GET', '/api/agents/status')).toEqual({
    status: 200,
    body: { agentCount: 1, statuses: {}, statuses_known: false },
  })
  expect(performance.now() - asked).toBeLessThan(1_500)
  const health = await service.ask('GET', '/health')
  expect([health.status, health.body.status]).toEqual([200, 'degraded'])

  redis = await redisServer({ port })
  const heard = await ear(redis.url, ['agent_task_queue', 'agent_task_events', 'agent:coordination'])
  // The relay's patience is that of the service's clock.
  await vi.waitFor(async () => {
    await service.clock.turn(5_000)
    expect(heard).toHaveLength(6)
  }, 15_000)
  expect(heard.filter(({ channel }) => channel === 'agent:coordination').map(({ event }) => event)).toEqual([
    'task_created',
    'task_claimed',
    'task_completed',
  ])
  expect(heard.filter(({ channel }) => channel === 'agent_task_events').map(({ status }) => status)).toEqual(['running', 'completed'])
}, 40_000)

test('statuses of a Redis that takes connections and answers nothing are unknown after a second', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const held: Socket[] = []
  silent.on('connection', (socket) => held.push(socket))
  const redis = createRedis({ url: `redis://127.0.0.1:${port}`, log: quietLog() })
  endings.push(async () => {
    redis.client.disconnect()
    for (const socket of held) socket.destroy()
    silent.close()
  })
  const log = quietLog()
  const statuses = createStatusKeys({ redis, clock: systemClock(), log })
  const asked = performance.now()
  expect(await statuses.read()).toBeUndefined()
  expect(performance.now() - asked).toBeLessThan(1_500)
  expect(log.lines.map(({ message }) => message)).toEqual(['the statuses of agents cannot be read'])
})

test('two replicas share one database: each task is done once, and what one is told the other knows', async () => {
  const database = await createEmptyDatabase()
  endings.push(database.drop)
  const redis = await redisServer()
  endings.push(() => redis.stop())
  const replicas: RunningOrchestrator[] = []
  for (let n = 0; n < 2; n += 1) {
    const replica = await startOrchestrator({ databaseUrl: database.url, redis })
    endings.push(replica.stop)
    replicas.push(replica)
  }
  const [one, other] = replicas as [RunningOrchestrator, RunningOrchestrator]
  await one.agent('shared')
  await Promise.all(Array.from({ length: 6 }, () => one.task('shared')))
  const claims = await Promise.all(Array.from({ length: 12 }, (_, n) => replicas[n % 2]!.claim('shared')))
  expect(new Set(claims.flatMap((claim) => (claim ? [claim.id] : []))).size).toBe(6)
  expect(claims.filter((claim) => claim)).toHaveLength(6)
  expect((await other.ask('POST', '/api/agents/shared/heartbeat', {})).status).toBe(200)
})

test('a stop answers who waits with what there is', async () => {
  const service = await startOrchestrator()
  await service.agent('waiting')
  const asked = service.ask('POST', '/api/agents/waiting/claim', { wait_seconds: 0.7 })
  // Nobody else here sleeps for that long, and the clock stands still.
  await service.clock.slept(700)
  await service.stop()
  expect((await asked).body).toEqual({ task: null, lease: null })
})

test('with PostgreSQL hanging, who asks for agents gets 503 within seconds, and the agents when it answers again', async () => {
  const made = await createEmptyDatabase()
  endings.push(made.drop)
  const gate = await muteGate(made.url)
  endings.push(async () => gate.close())
  const service = await startOrchestrator({ databaseUrl: gate.url })
  endings.push(service.stop)
  await service.agent('kael')
  gate.hush()
  const began = performance.now()
  const asked = [service.ask('GET', '/api/agents'), service.ask('POST', '/api/agents/kael/heartbeat', {}), service.ask('GET', '/api/tasks')]
  expect((await Promise.all(asked)).map(({ status }) => status)).toContain(503)
  const { status, body } = await service.ask('GET', '/api/agents')
  expect([status, body.detail]).toEqual([503, expect.stringContaining('database')])
  // A statement's own time is 20 s.
  expect(performance.now() - began).toBeLessThan(12_000)
  gate.resume()
  await expect.poll(async () => (await service.ask('GET', '/api/agents')).status, { timeout: 15_000 }).toBe(200)
}, 60_000)
