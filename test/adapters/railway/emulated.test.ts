import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRailway } from '#src/adapters/railway/create-railway.ts'
import { type LogLine, measurements, type Railway } from '#src/adapters/railway/railway.ts'
import { judge } from '#src/health/judge.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { eventually, type Mounted, mount } from '#test/playground/railway/mounted.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { faultOf } from './connect.ts'
import { collect } from './followed-world.ts'

let mounted: Mounted
let railway: Railway
let projectId: string
let environmentId: string
const connect = (token: { kind: 'account' | 'project'; value: string }, timeouts = {}) =>
  createRailway({ url: mounted.url, token, version: '1.2.3', clock: systemClock(), log: quietLog(), timeouts })

beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  const credentials = mounted.railway.credentials()
  projectId = credentials.projectId
  environmentId = credentials.environments.staging!.id
  railway = connect({ kind: 'account', value: credentials.accountToken })
})
afterAll(async () => {
  await railway.close()
  await mounted.close()
})

const api = async () => (await railway.environment(projectId, environmentId)).services.find(({ name }) => name === 'api')!

test('a service is read as it runs, and judged healthy', async () => {
  const service = await api()
  expect(service).toMatchObject({ replicas: 1, hasVolume: false, healthcheckPath: '/health' })
  expect(service.serving?.instances.map(({ status }) => status)).toEqual(['RUNNING'])
  expect(judge(service)).toEqual({ condition: 'healthy', reason: 'Its one replica runs.' })
  expect(railway.budget()?.remaining).toBeGreaterThan(0)
})

test('what passed its public address is counted, and read with the rest in one request', async () => {
  const before = await railway.environment(projectId, environmentId)
  const [domain] = before.services.find(({ name }) => name === 'api')!.domains
  await Promise.all(Array.from({ length: 12 }, async () => (await fetch(`http://${domain}/`)).arrayBuffer()))
  const left = railway.budget()!.remaining
  const { http } = (await railway.environment(projectId, environmentId, before)).services.find(({ name }) => name === 'api')!
  expect(railway.budget()!.remaining).toBe(left - 1)
  expect(http?.requests).toBeGreaterThanOrEqual(12)
  expect(http).toMatchObject({ errors: 0, p50Ms: expect.any(Number), p95Ms: expect.any(Number) })
})

test('project and scope, with either kind of token; what a token does not reach is explained', async () => {
  const { production, staging } = mounted.railway.credentials().environments
  const narrow = connect({ kind: 'project', value: staging!.projectToken })
  await expect(railway.scope()).resolves.toMatchObject({ kind: 'workspace', workspaces: [{ name: 'Playground' }] })
  await expect(narrow.scope()).resolves.toMatchObject({ kind: 'project', environment: { id: environmentId, name: 'staging' } })
  expect((await railway.project(projectId)).environments).toHaveLength(2)
  expect((await narrow.project(projectId)).environments.map(({ name }) => name)).toEqual(['staging'])
  expect((await faultOf(narrow.environment(projectId, production!.id))).message).toContain('the token is wrong, or it has no access')
})

test('a deployment is followed from the request to running replicas, and the one before can be rolled back to', async () => {
  const service = await api()
  const id = await railway.deploy({ serviceId: service.id, environmentId })
  const followed = collect(railway.followDeployment(id, AbortSignal.timeout(20_000)))
  await followed.done
  expect(followed.values.at(-1)?.status).toBe('SUCCESS')
  const history = await railway.deployments({ projectId, environmentId, serviceId: service.id })
  expect(history[0]?.id).toBe(id)
  await eventually(
    () => railway.deployment(service.serving!.id),
    (before) => before?.canRollback,
  )
})

test('a deployment that fails its health check says why', async () => {
  const service = await api()
  const state = mounted.railway.state().services as { name: string; commits: { sha: string; behaviour: string }[] }[]
  const bad = state.find(({ name }) => name === 'api')?.commits.find(({ behaviour }) => behaviour === 'fails-health-check')
  const id = await railway.deploy({ serviceId: service.id, environmentId, commit: bad!.sha })
  const followed = collect(railway.followDeployment(id, AbortSignal.timeout(20_000)))
  await followed.done
  expect(followed.values.at(-1)?.status).toBe('FAILED')
  expect((await railway.failures(id)).join()).toMatch(/^Health check: /)
  expect(judge(await api())).toMatchObject({ condition: 'healthy', reason: 'Its one replica runs; its newest deployment failed.' })
})

test('replicas are set without a new deployment, and read back', async () => {
  const { id: serviceId, regions } = await api()
  const [region] = Object.keys(regions)
  await railway.setReplicas({ serviceId, environmentId, regions: { [region!]: 2 }, message: 'Scale api to 2' })
  const scaled = await eventually(api, ({ serving }) => serving?.instances.filter(({ status }) => status === 'RUNNING').length === 2)
  expect(scaled).toMatchObject({ replicas: 2, regions: { [region!]: 2 } })
  expect(judge(scaled).reason).toMatch(/^2 of 2 replicas run/)
})

test('logs are read, and followed over a cut subscription', async () => {
  const { serving } = await api()
  const read = await eventually(
    () => railway.logs({ deploymentId: serving!.id, limit: 5 }),
    ({ length }) => length > 0,
  )
  expect(read.length).toBeLessThanOrEqual(5)
  const stop = new AbortController()
  const followed = collect(railway.followLogs({ deploymentId: serving!.id, since: new Date(0), signal: stop.signal }))
  await followed.until((batches) => batches.length > 0)
  await mounted.fault('cut-subscriptions')
  await railway.restart(serving!.id)
  const before = followed.values.flat().length
  await followed.until((batches) => batches.flat().length > before)
  stop.abort()
  await followed.done
  const key = ({ at, instanceId, message }: LogLine) => `${at.toISOString()} ${instanceId} ${message}`
  const count = (lines: readonly LogLine[], wanted: string) => lines.filter((line) => key(line) === wanted).length
  const kept = await railway.logs({ deploymentId: serving!.id, limit: 500 })
  const lines = followed.values.flat()
  for (const line of lines) expect(count(lines, key(line))).toBeLessThanOrEqual(count(kept, key(line)))
})

test('metrics come for the window', async () => {
  const { id: serviceId } = await api()
  const since = new Date(Date.now() - 300_000)
  const ask = () => railway.metrics({ projectId, environmentId, serviceId, since, measurements, sampleRateSeconds: 30 })
  const series = await eventually(ask, (all) =>
    all.some(({ measurement, points }) => measurement === 'MEMORY_USAGE_GB' && points.length > 0),
  )
  expect(series.every((one) => one.serviceId === serviceId)).toBe(true)
})

test.each([
  ['commit-then-timeout', 'ambiguous'],
  ['commit-then-cut', 'ambiguous'],
  ['html', 'ambiguous'],
  ['server-error', 'ambiguous'],
  ['graphql-error', 'ambiguous'],
  ['commit-then-graphql-error', 'ambiguous'],
  ['refuse', 'refused'],
] as const)('a change that meets the fault %s is %s', async (kind, outcome) => {
  const { serving } = await api()
  const impatient = connect({ kind: 'account', value: mounted.railway.credentials().accountToken }, { changeMs: 500 })
  await mounted.fault('fail-next', { operation: 'deploymentRestart', kind })
  const { fault } = await faultOf(impatient.restart(serving!.id))
  expect(fault).toMatchObject({ outcome, retryable: false, operation: 'deploymentRestart' })
  await mounted.fault('clear')
})
