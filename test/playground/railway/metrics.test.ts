import { afterAll, beforeAll, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

let mounted: Mounted
let api: ReturnType<typeof asking>
const since = new Date(Date.now() - 60_000).toISOString()
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
  api = asking(mounted)
})
afterAll(() => mounted.close())

interface Result {
  readonly measurement: string
  readonly tags: Record<string, string>
  readonly values: readonly { readonly ts: number; readonly value: number }[]
}

async function metrics(groupBy: string, measurements: string): Promise<Result[]> {
  const query = `query ($environmentId: String!, $since: DateTime!) {
    metrics(environmentId: $environmentId, startDate: $since, sampleRateSeconds: 3600, groupBy: [${groupBy}], measurements: [${measurements}]) {
      measurement tags { serviceId deploymentInstanceId } values { ts value }
    }
  }`
  return (await api.ok(query, { since })).metrics
}

const newest = (results: readonly Result[], measurement: string) =>
  results.find((one) => one.measurement === measurement)?.values.at(-1)?.value

test('CPU and memory are those of the real processes; replicas are summed, or told apart', async () => {
  const one = await eventually(
    () => metrics('SERVICE_ID', 'CPU_USAGE, MEMORY_USAGE_GB, MEMORY_LIMIT_GB'),
    (results) => (newest(results, 'MEMORY_USAGE_GB') ?? 0) > 0,
  )
  expect(one[0]!.tags.serviceId).toBe(api.serviceId)
  expect(newest(one, 'MEMORY_USAGE_GB')).toBeGreaterThan(0.01)
  expect(newest(one, 'MEMORY_USAGE_GB')).toBeLessThan(0.5)
  expect(newest(one, 'CPU_USAGE')).toBeGreaterThanOrEqual(0)
  expect(newest(one, 'MEMORY_LIMIT_GB')).toBe(8)
  await api.scale({ 'europe-west4-drams3a': { numReplicas: 2 } })
  const { id } = await api.latest()
  await api.untilRunning(id, 2)
  const each = await eventually(
    () => metrics('DEPLOYMENT_INSTANCE_ID', 'MEMORY_USAGE_GB'),
    ({ length }) => length === 2,
  )
  const total = await metrics('SERVICE_ID', 'MEMORY_USAGE_GB')
  expect(newest(total, 'MEMORY_USAGE_GB')).toBeGreaterThan(newest(each.slice(0, 1), 'MEMORY_USAGE_GB')!)
})

test('a volume is as full as it is said to be, in the environment and in the metrics', async () => {
  expect(await mounted.fault('fill-volume', { service: 'api', environment: 'staging', percent: 90 })).toEqual({
    usedMB: 4_500,
    ofMB: 5_000,
  })
  const query =
    'query ($environmentId: String!) { environment(id: $environmentId) { volumeInstances { edges { node { currentSizeMB sizeMB state } } } } }'
  expect((await api.ok(query)).environment.volumeInstances.edges).toEqual([
    { node: { currentSizeMB: 4_500, sizeMB: 5_000, state: 'READY' } },
  ])
  await eventually(
    () => metrics('SERVICE_ID', 'DISK_USAGE_GB'),
    (results) => (newest(results, 'DISK_USAGE_GB') ?? 0) > 0,
  )
})

test('traffic is what passed the edge', async () => {
  for (let visit = 0; visit < 20; visit++) await api.visit()
  const results = await eventually(
    () => metrics('SERVICE_ID', 'NETWORK_RX_GB, NETWORK_TX_GB'),
    (seen) => (newest(seen, 'NETWORK_TX_GB') ?? 0) * 1e9 > 20 * 100,
  )
  expect(newest(results, 'NETWORK_RX_GB')! * 1e9).toBeGreaterThan(20 * 50)
})

test('requests are counted by status, with their latency', async () => {
  await api.visit()
  const query = `query ($serviceId: String!, $environmentId: String!, $since: DateTime!, $until: DateTime!) {
    httpMetricsGroupedByStatus(serviceId: $serviceId, environmentId: $environmentId, startDate: $since, endDate: $until) { statusCode samples { value } }
    httpDurationMetrics(serviceId: $serviceId, environmentId: $environmentId, startDate: $since, endDate: $until) { samples { p50 p99 } }
    httpMetrics(serviceId: $serviceId, environmentId: $environmentId, startDate: $since, endDate: $until, statusCode: 500) { samples { value } }
  }`
  const data = await api.ok(query, { since, until: new Date(Date.now() + 60_000).toISOString() })
  expect(data.httpMetricsGroupedByStatus).toEqual([{ statusCode: 200, samples: [{ value: 21 }] }])
  const [{ p50, p99 }] = data.httpDurationMetrics.samples
  expect(p50).toBeGreaterThan(0)
  expect(p99).toBeGreaterThanOrEqual(p50)
  expect(data.httpMetrics.samples).toEqual([])
})

test('the state shows what each process uses', async () => {
  const processes = await eventually(
    () => api.service().processes as { cpu?: number; memoryBytes?: number }[],
    (all) => all.length > 0 && all.every(({ memoryBytes }) => memoryBytes !== undefined),
  )
  for (const { memoryBytes } of processes) expect(memoryBytes).toBeGreaterThan(1e7)
})
