import { afterEach, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { aDeployment } from './deployments.ts'
import { graphqlServer } from './graphql-server.ts'

let server: Awaited<ReturnType<typeof graphqlServer>>
afterEach(() => server.close())

test('a project names the environments that the token reaches', async () => {
  const environments = { edges: [node('e1', true), node('e2', false)], pageInfo: { hasNextPage: false, hasPreviousPage: false } }
  server = await graphqlServer({ project: ({ id }: { id: string }) => ({ id, name: 'helix', environments }) })
  const project = await connect(server.url).project('p')
  expect(project).toEqual({ id: 'p', name: 'helix', environments: [{ id: 'e1', name: 'e1' }] })
})

test('deployments come newest first', async () => {
  const edges = ['2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z', '2026-11-02T00:00:00Z'].map((createdAt) => ({
    cursor: createdAt,
    node: aDeployment({ createdAt }),
  }))
  server = await graphqlServer({ deployments: () => ({ edges, pageInfo: { hasNextPage: false, hasPreviousPage: false } }) })
  const found = await connect(server.url).deployments({ projectId: 'p', environmentId: 'e', serviceId: 's', first: 3 })
  expect(found.map(({ createdAt }) => createdAt.getUTCDate())).toEqual([3, 2, 1])
  expect(server.seen[0]?.variables).toEqual({ input: { projectId: 'p', environmentId: 'e', serviceId: 's' }, first: 3 })
})

test('failures tell the steps that went wrong, each once with its last attempt', async () => {
  const event = (step: string, payload: object | null) => ({ cursor: '', node: { id: step, step, createdAt: '', payload } })
  server = await graphqlServer({
    deploymentEvents: () => ({
      edges: [
        event('BUILD_IMAGE', { error: null }),
        event('HEALTHCHECK', { error: 'service unavailable', attempt: 1, maxAttempts: 3 }),
        event('HEALTHCHECK', { error: 'service unavailable', attempt: 3, maxAttempts: 3 }),
        event('CREATE_CONTAINER', null),
      ],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    }),
  })
  await expect(connect(server.url).failures('d')).resolves.toEqual(['Health check: service unavailable (attempt 3 of 3)'])
})

test('a failure is told once and in words: no constants, no step that is named twice', async () => {
  const event = (step: string, payload: object) => ({ cursor: '', node: { id: step, step, createdAt: '', payload } })
  server = await graphqlServer({
    deploymentEvents: () => ({
      edges: [
        event('BUILD_IMAGE', { error: 'BUILD_FAILED', reason: 'BUILD_FAILED' }),
        event('PRE_DEPLOY_COMMAND', { error: 'exit code 1', reason: 'the database is away' }),
        event('HEALTHCHECK', { error: 'Healthcheck failed: GET /health did not answer 200', reason: 'HEALTHCHECK_FAILED' }),
      ],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    }),
  })
  await expect(connect(server.url).failures('d')).resolves.toEqual([
    'Build: build failed',
    'Pre-deploy command: exit code 1 – the database is away',
    'Health check: GET /health did not answer 200',
  ])
})

test('metrics come as series with dates', async () => {
  server = await graphqlServer({
    metrics: () => [{ measurement: 'CPU_USAGE', tags: { serviceId: 's' }, values: [{ ts: 1_700_000_000, value: 0.5 }] }],
  })
  const since = new Date('2026-11-20T10:00:00Z')
  const input = { projectId: 'p', environmentId: 'e', since, measurements: ['CPU_USAGE'], sampleRateSeconds: 30 } as const
  await expect(connect(server.url).metrics(input)).resolves.toEqual([
    { measurement: 'CPU_USAGE', serviceId: 's', points: [{ at: new Date(1_700_000_000_000), value: 0.5 }] },
  ])
  expect(server.seen[0]?.variables).toMatchObject({ startDate: since.toISOString(), sampleRateSeconds: 30 })
})

test('of logs the newest lines are kept, oldest first: Railway answers one more than asked', async () => {
  const lines = ['one', 'two', 'three'].map((message, n) => ({
    timestamp: `2026-11-20T10:00:0${n}.000000001Z`,
    message,
    severity: null,
    attributes: [],
  }))
  server = await graphqlServer({ deploymentLogs: () => lines, buildLogs: () => lines.slice(0, 1) })
  const railway = connect(server.url)
  const read = await railway.logs({ deploymentId: 'd', limit: 2, filter: '@level:error' })
  expect(read.map(({ message, severity }) => [message, severity])).toEqual([
    ['two', 'info'],
    ['three', 'info'],
  ])
  expect(server.seen[0]?.variables).toEqual({ deploymentId: 'd', limit: 2, filter: '@level:error' })
  await expect(railway.logs({ deploymentId: 'd', limit: 5, kind: 'build' })).resolves.toHaveLength(1)
})

test('replicas are set in one patch; a null takes a region away and is not stripped', async () => {
  server = await graphqlServer({ environmentPatchCommit: () => 'ok' })
  await connect(server.url).setReplicas({ serviceId: 's', environmentId: 'e', regions: { a: 3, b: null }, message: 'Scale s' })
  expect(server.seen[0]?.variables).toEqual({
    environmentId: 'e',
    patch: { services: { s: { deploy: { multiRegionConfig: { a: { numReplicas: 3 }, b: null } } } } },
    commitMessage: 'Scale s',
  })
})

function node(id: string, canAccess: boolean) {
  return { cursor: id, node: { id, name: id, canAccess } }
}

test('what the edge counted comes step by step: all answers of a step as a rate, beside its latency', async () => {
  const counted = (statusCode: number, ...samples: readonly (readonly [ts: number, value: number])[]) => ({
    statusCode,
    samples: samples.map(([ts, value]) => ({ ts, value })),
  })
  server = await graphqlServer({
    httpMetricsGroupedByStatus: () => [counted(200, [120, 60], [60, 30]), counted(500, [60, 30])],
    httpDurationMetrics: () => ({ samples: [{ ts: 60, p50: 1, p90: 2, p95: 80, p99: 90 }] }),
  })
  const [since, until] = [new Date(60_000), new Date(180_000)]
  const points = await connect(server.url).httpHistory({ serviceId: 's', environmentId: 'e', since, until, stepSeconds: 60 })
  expect(points).toEqual([
    { at: new Date(60_000), requestsPerSecond: 1, p95Ms: 80 },
    { at: new Date(120_000), requestsPerSecond: 1, p95Ms: undefined },
  ])
})
