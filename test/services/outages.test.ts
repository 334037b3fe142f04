import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startPostgres } from '#src/launch/postgres.ts'
import { freePort, nowhere, type RunningService, startRedis, startService, stopService, until } from './service-process.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function start(name: string, variables: Readonly<Record<string, string>>): Promise<RunningService> {
  const service = await startService(name, variables)
  endings.push(() => stopService(service, 'SIGKILL'))
  return service
}

/** Resolves once `/health` says so; each answer must be fast and 200, outage or not. */
async function becomes(service: RunningService, status: string, component: string, is: string): Promise<void> {
  await until(async () => {
    const asked = performance.now()
    // A connection of its own: one that was kept may be closed at the moment it is used again.
    const answer = await fetch(`${service.url}/health`, { headers: { connection: 'close' } })
    const reading = await answer.json()
    expect(answer.status).toBe(200)
    expect(performance.now() - asked).toBeLessThan(3_000)
    return reading.status === status && reading.components[component].status === is
  })
}

test('Redis away at the start, come, lost and come again: degraded or healthy as it is, one line for each, never a crash', async () => {
  const port = await freePort()
  const service = await start('websocket-streaming', { REDIS_URL: `redis://127.0.0.1:${port}` })
  await becomes(service, 'degraded', 'redis', 'down')
  for (const _ of ['come', 'come again']) {
    const redis = await startRedis(port)
    endings.push(redis.stop)
    await becomes(service, 'healthy', 'redis', 'up')
    await redis.stop()
    await becomes(service, 'degraded', 'redis', 'down')
  }
  expect(service.stdout().split('Redis cannot be reached').length - 1).toBe(3)
  expect(service.stdout().split('Redis is reached again').length - 1).toBe(2)
  expect(await stopService(service)).toBe(0)
})

test('PostgreSQL lost and come again: degraded, then healthy, and never a crash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'helix-outage-'))
  endings.push(() => rm(folder, { recursive: true, force: true }))
  const redis = await startRedis()
  endings.push(redis.stop)
  const port = await freePort()
  const settings = { fsync: 'off' }
  const first = await startPostgres({ folder, port, settings })
  endings.push(() => first.stop())
  const service = await start('agent-orchestrator', { ...nowhere, DATABASE_URL: first.url, REDIS_URL: redis.url })
  await becomes(service, 'healthy', 'postgres', 'up')
  await first.stop()
  await becomes(service, 'degraded', 'postgres', 'down')
  const second = await startPostgres({ folder, port, settings })
  endings.push(() => second.stop())
  await becomes(service, 'healthy', 'postgres', 'up')
  expect(await stopService(service)).toBe(0)
})
