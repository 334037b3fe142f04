import { expect, test } from 'vitest'
import type { Panel } from '#src/adapters/charts/charts.ts'
import type { Measurement, Series } from '#src/adapters/railway/railway.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createMetrics } from '#src/metrics/create-metrics.ts'
import { railwayOf } from '#test/environments/railway-of.ts'
import metrics from '../../commands/metrics.ts'

const now = new Date('2026-08-21T14:05:00Z')
const clock = { now: () => now, sleep: async () => {} }
const call = { place: { guild: 'g', project: 'p', environment: 'e' }, raw: {} } as unknown as Call
const services = ['api', 'web'].map((name) => ({ id: `id-${name}`, name }))
const directory = { environments: async () => [{ id: 'e', name: 'production' }], services: async () => services } as unknown as Directory

function of(measurement: Measurement, service: string, ...values: number[]): Series {
  return { measurement, serviceId: `id-${service}`, points: values.map((value, n) => ({ at: new Date(now.getTime() + n), value })) }
}

async function report(series: readonly Series[], only: 'api' | 'all' = 'api') {
  const service = services.find(({ name }) => name === only)
  let panels: readonly Panel[] = []
  const draw = async (_: string, drawn: readonly Panel[]) => {
    panels = drawn
    return new Uint8Array()
  }
  const answers = createMetrics({ access: async () => railwayOf({ metrics: async () => series }), clock })
  const said = await metrics.run(
    { service, window: 3_600_000, environment: undefined },
    { metrics: answers, charts: { draw }, directory, call },
  )
  return { ...said, panels }
}

test('numbers and picture are in the same unit, and a sample is not called a peak', async () => {
  const { sentence, table, facts, panels } = await report([
    of('CPU_USAGE', 'api', 0.00599, 0.1214),
    of('CPU_LIMIT', 'api', 8),
    of('MEMORY_USAGE_GB', 'api', 0.8, 0.439),
    of('MEMORY_LIMIT_GB', 'api', 8),
    of('NETWORK_RX_GB', 'api', 0.001, 0.002),
    of('NETWORK_TX_GB', 'api', 0, 0.0004),
  ])
  expect(sentence).toBe(
    'Over 1 h, api in production: CPU 0.121 vCPU now (highest sample 0.121 vCPU); Memory 439 MB now (highest sample 800 MB); 3 MB came in and 400 kB went out.',
  )
  expect(table).toEqual({
    head: ['', 'Now', 'Mean', 'Highest'],
    rows: [
      ['CPU (vCPU)', '0.121', '0.064', '0.121'],
      ['Memory (MB)', '439', '620', '800'],
    ],
  })
  expect(facts).toEqual([
    { label: 'Limit', value: '8 vCPU, 8 GB' },
    { label: 'Samples', value: 'one each 30 s, averaged by Railway' },
  ])
  expect(panels.map(({ title, unit }) => [title, unit])).toEqual([
    ['CPU', 'vCPU'],
    ['Memory', 'MB'],
    ['Network', 'MB'],
  ])
  expect(panels[1]).toMatchObject({ lines: [{ name: 'api', points: [{ value: 800 }, { value: 439 }] }] })
  expect(panels[1]?.threshold).toEqual({ label: 'limit 8 GB', value: 8000 })
  expect(panels[2]?.lines.map(({ name }) => name)).toEqual(['in', 'out'])
})

test('of several services each has one line, also for what went over the network', async () => {
  const { sentence, panels, facts } = await report(
    [
      of('MEMORY_USAGE_GB', 'api', 0.7),
      of('MEMORY_USAGE_GB', 'web', 0.7),
      ...(['NETWORK_RX_GB', 'NETWORK_TX_GB'] as const).flatMap((one) => [of(one, 'api', 0.5), of(one, 'web', 0)]),
    ],
    'all',
  )
  expect(sentence).toBe(
    'Over 1 h, all services in production: Memory 1.4 GB now (highest sample 1.4 GB); 500 MB came in and 500 MB went out.',
  )
  expect(facts?.map(({ label }) => label)).toEqual(['Samples'])
  expect(panels.map(({ title, unit }) => [title, unit])).toEqual([
    ['Memory', 'GB'],
    ['Network, in and out', 'GB'],
  ])
  expect(panels[1]?.lines.map(({ name, points }) => [name, points[0]?.value])).toEqual([
    ['api', 1],
    ['web', 0],
  ])
})

test('no traffic is said in words', async () => {
  expect((await report([of('NETWORK_RX_GB', 'api', 0)])).sentence).toBe('Over 1 h, api in production: no traffic.')
})
