import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmptyDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { bearer } from '#test/support/service.ts'
import { type RedisProcess, type RunningService, serviceNames, startRedis, startService, stopService } from './service-process.ts'

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, unknown>>
}

let redis: RedisProcess
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis?.stop())

const admin = bearer({ sub: 'sweeper', role: 'admin' })
const json = { 'content-type': 'application/json' }
/** Whom a request may come from, and with which body. */
const senders: readonly (readonly [string, RequestInit])[] = [
  ['nobody', {}],
  ['a viewer', { headers: bearer({ sub: 'viewer', role: 'viewer' }) }],
  ['an agent', { headers: bearer({ sub: 'an agent', agent_id: 'kael' }) }],
  ['an admin', { headers: admin }],
]
const bodies: readonly (readonly [string, RequestInit])[] = [
  ['an empty object', { headers: { ...admin, ...json }, body: '{}' }],
  ['a list', { headers: { ...admin, ...json }, body: '[]' }],
  ['broken JSON', { headers: { ...admin, ...json }, body: '{' }],
  ['XML', { headers: { ...admin, 'content-type': 'application/xml' }, body: '<x/>' }],
  ['two megabytes', { headers: { ...admin, ...json }, body: JSON.stringify('x'.repeat(2_000_000)) }],
]
const names = ['x', '7', '%00', '%E0%A4%A', '3f2a91c0-0000-4000-8000-000000000000', 'x'.repeat(300)]
const values = ['', '%00', 'x', '-1', '9'.repeat(20)]

/** Addresses that this operation may be asked at: with any name in its path, and with each of its parameters holding what it should not. */
function addresses(path: string, parameters: Operation['parameters'] = []): readonly string[] {
  const named = path.includes('{') ? names.map((name) => path.replaceAll(/\{\w+\}/g, name)) : [path]
  const queries = parameters.flatMap((parameter) => (parameter.in === 'query' ? values.map((value) => `${parameter.name}=${value}`) : []))
  return [...named, ...queries.map((query) => `${named[0]}?${query}`)]
}

describe.each(serviceNames)('/docs of %s', (name) => {
  let service: RunningService
  let database: TestDatabase
  let operations: readonly (readonly [method: string, path: string, operation: Operation])[]
  beforeAll(async () => {
    database = await createEmptyDatabase()
    service = await startService(name, { DATABASE_URL: database.url, REDIS_URL: redis.url, RATE_LIMIT_PER_MINUTE: '1000000' })
    const { paths } = await (await fetch(`${service.url}/docs/json`)).json()
    operations = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
    )
  })
  afterAll(async () => {
    if (service) await stopService(service, 'SIGKILL')
    await database?.drop()
  })

  test('says of every route in a few words what it does', () => {
    expect(operations.length).toBeGreaterThan(8)
    const silent = operations.filter(([, , { summary }]) => !summary || summary.length > 80)
    expect(silent.map(([method, path]) => `${method} ${path}`)).toEqual([])
  })

  test('knows every status that bad requests get, and none of them is a bug', async () => {
    const surprises: string[] = []
    async function ask(method: string, address: string, what: string, init: RequestInit, { responses }: Operation): Promise<void> {
      const { status, body } = await fetch(service.url + address, { method, ...init })
      await body?.cancel()
      if (!(status in responses)) surprises.push(`${method} ${address.slice(0, 100)} of ${what}: ${status}`)
    }
    for (const [method, path, operation] of operations) {
      const [plain, ...others] = addresses(path, operation.parameters)
      for (const [who, init] of senders) await ask(method, plain!, who, init, operation)
      for (const address of others) await ask(method, address, 'an admin', { headers: admin }, operation)
      if (method !== 'GET') for (const [what, init] of bodies) await ask(method, plain!, what, init, operation)
    }
    expect(surprises).toEqual([])
  })
})
