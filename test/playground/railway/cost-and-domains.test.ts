import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRailway } from '#src/adapters/railway/create-railway.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

let mounted: Mounted
let api: ReturnType<typeof asking>
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
afterAll(() => mounted.close())

const project = () => mounted.railway.credentials().projectId
const railway = (kind: 'account' | 'project') => {
  const { accountToken, environments } = mounted.railway.credentials()
  const token = kind === 'account' ? accountToken : environments.staging!.projectToken
  return createRailway({ url: mounted.url, token: { kind, value: token }, clock: systemClock(), log: quietLog(), version: 'test' })
}

test('what a project costs: each day the usual, more where a service used more, and who it was', async () => {
  const before = (await railway('account').cost(project()))!
  expect(before.usualDay).toBeGreaterThan(0.05)
  expect(before.lastDay / before.usualDay!).toBeCloseTo(1, 1)
  expect(before.estimate).toBeGreaterThanOrEqual(before.current)
  await mounted.fault('spend', { service: 'api', environment: 'staging', dollars: 12 })
  const after = (await railway('account').cost(project()))!
  expect(after.lastDay - before.lastDay).toBeCloseTo(12, 1)
  expect(after.usualDay).toBeCloseTo(before.usualDay!, 1)
  expect(after.byService[0]?.serviceId).toBe(api.serviceId)
})

test('what the processes really use is billed', async () => {
  const query = `query ($projectId: String!, $since: DateTime!) { usage(projectId: $projectId, startDate: $since, measurements: [MEMORY_USAGE_GB]) { value } }`
  const since = new Date().toISOString()
  await eventually(
    async () => (await mounted.ask(query, { projectId: project(), since })).data.usage[0].value as number,
    (minutes) => minutes > 0,
  )
})

test('a project token may not ask what it costs', async () => {
  expect(await railway('project').cost(project())).toBeUndefined()
  const { environments } = mounted.railway.credentials()
  const headers = { 'project-access-token': environments.staging!.projectToken }
  for (const field of [
    'usage(projectId: $id, measurements: [CPU_USAGE]) { value }',
    'estimatedUsage(projectId: $id, measurements: [CPU_USAGE]) { estimatedValue }',
  ]) {
    const { errors } = await mounted.ask(`query ($id: String!) { ${field} }`, { id: project() }, headers)
    expect(errors?.[0]?.message).toBe('Not Authorized')
  }
})

test('domains tell of their certificates', async () => {
  await mounted.fault('custom-domain', { service: 'api', environment: 'staging', endsInDays: 5 })
  await mounted.fault('custom-domain', { service: 'api', environment: 'staging', domain: 'new.helix.invalid', certificate: 'failed' })
  const domains = await railway('project').domains(project(), api.environmentId)
  expect(domains).toMatchObject([
    { service: { name: 'api' }, certificate: undefined },
    { domain: 'shop.helix.invalid', certificate: { state: 'valid' } },
    { domain: 'new.helix.invalid', certificate: { state: 'failed', fault: 'The DNS records of the domain do not lead to Railway' } },
  ])
  expect((domains[1]!.certificate!.endsAt!.getTime() - Date.now()) / 86_400_000).toBeCloseTo(5, 2)
})

test('lines of all services of an environment come in one request, filtered, with whose they are', async () => {
  const lines = await eventually(
    () =>
      railway('project').environmentLogs({
        ...{ environmentId: api.environmentId, limit: 50, filter: undefined },
        ...{ since: new Date(Date.now() - 60_000), until: new Date() },
      }),
    ({ length }) => length > 0,
  )
  expect(lines[0]).toMatchObject({ serviceId: api.serviceId })
  expect(lines[0]!.timestamp).toMatch(/^\d{4}-.*Z$/)
})
