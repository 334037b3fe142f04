import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { temporaryFolder } from '#test/launch/temporary-folder.ts'
import {
  nowhere,
  type RedisProcess,
  type RunningService,
  runFile,
  serviceNames,
  startRedis,
  startService,
  stopService,
} from './service-process.ts'

const health = z.object({
  status: z.string(),
  service: z.string(),
  version: z.string(),
  uptimeSeconds: z.number(),
  components: z.record(z.string(), z.looseObject({ status: z.string() })),
})

let redis: RedisProcess
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

const get = (service: RunningService, path: string) => fetch(`${service.url}${path}`)

describe.each(serviceNames)('%s alone', (name) => {
  let service: RunningService
  beforeAll(async () => {
    service = await startService(name, { ...nowhere, REDIS_URL: redis.url })
  })
  afterAll(async () => {
    if (service.child.exitCode === null) await stopService(service, 'SIGKILL')
  })

  test('says how it does, with each component and the figures of its pool', async () => {
    const answer = await get(service, '/health')
    const reading = health.parse(await answer.json())
    expect(reading).toMatchObject({
      service: name,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      components: { redis: { status: 'up' } },
    })
    const needsPostgres = name === 'agent-orchestrator' || name === 'zapier-integration'
    expect(answer.status).toBe(200)
    expect(reading.status).toBe(needsPostgres ? 'degraded' : 'healthy')
    if (needsPostgres)
      expect(reading.components.postgres).toMatchObject({ status: 'down', reason: 'failed', size: 10, open: 0, waiting: 0 })
    if (name === 'voice-processor') expect(reading.components.speech).toEqual({ status: 'unconfigured' })
  })

  test('is ready only when all that it needs is there, and lives in any case', async () => {
    const ready = await get(service, '/health/ready')
    const needsPostgres = name === 'agent-orchestrator' || name === 'zapier-integration'
    expect([ready.status, await ready.json()]).toEqual(
      needsPostgres
        ? [503, { ready: false, service: name, draining: false, waitingFor: ['postgres'] }]
        : [200, { ready: true, service: name, draining: false, waitingFor: [] }],
    )
    const live = await get(service, '/health/live')
    expect([live.status, await live.json()]).toEqual([200, { alive: true, service: name }])
  })

  test('introduces itself, counts its requests and refuses what it does not know', async () => {
    const info = await (await get(service, '/api/info')).json()
    expect(info).toEqual({ name, version: expect.any(String), description: expect.stringMatching(/^[A-Z].+\.$/) })
    const unknown = await get(service, '/nope?token=hunter2')
    expect([unknown.status, await unknown.json()]).toEqual([404, { detail: 'Not Found' }])
    const metrics = await get(service, '/metrics')
    expect(metrics.headers.get('content-type')).toContain('text/plain')
    const text = await metrics.text()
    expect(text).toContain(`http_request_duration_seconds_count{service="${name}",method="GET",route="/api/info",status="200"} 1`)
    expect(text).toContain('process_resident_memory_bytes')
  })

  test('stops on SIGTERM with 0, having logged no secret', async () => {
    expect(await stopService(service)).toBe(0)
    expect(service.stdout()).toContain('"msg":"stopped"')
    expect(service.stdout() + service.stderr()).not.toContain('hunter2')
  })
})

test.each(serviceNames)('%s refuses to start without its variables: names every one, prints no value', async (name) => {
  const run = runFile(`services/${name}/main.ts`, [], {
    REDIS_URL: 'hunter2',
    PORT: 'eighty',
    LOG_LEVEL: 'hunter2',
    GOOGLE_CLOUD_KEY: '{hunter2',
  })
  expect(await run.ended).toBe(1)
  expect(run.stderr()).toContain('JWT_SECRET is missing')
  expect(run.stderr()).toContain('REDIS_URL must be a redis:// URL')
  expect(run.stderr()).toContain('PORT must be a whole number from 0 to 65535')
  expect(run.stderr()).toContain('LOG_LEVEL must be debug, info, warn or error')
  if (name === 'agent-orchestrator' || name === 'zapier-integration') expect(run.stderr()).toContain('DATABASE_URL is missing')
  if (name === 'zapier-integration') expect(run.stderr()).toContain('ZAPIER_SECRET is missing')
  if (name === 'voice-processor') expect(run.stderr()).toContain('GOOGLE_CLOUD_KEY must be the JSON of a Google service account key')
  expect(run.stdout() + run.stderr()).not.toMatch(/hunter2|eighty/)
})

test('npm run service starts one by its name, and lists them for any other', async () => {
  const wrong = runFile('tools/service.ts', ['nope'], {})
  expect(await wrong.ended).toBe(2)
  expect(wrong.stderr()).toContain('There is no service "nope".')
  for (const name of serviceNames) expect(wrong.stderr()).toContain(`npm run service -- ${name}`)
  const right = runFile('tools/service.ts', ['voice-processor'], { REDIS_URL: 'x', HELIX_DATA: await temporaryFolder() })
  expect(await right.ended).toBe(1)
  expect(right.stderr()).toContain('voice-processor: Helix cannot start')
})
