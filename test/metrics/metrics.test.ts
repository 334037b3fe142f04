import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Measurement, Railway, Series } from '#src/adapters/railway/railway.ts'
import { createMetrics, sampleSeconds } from '#src/metrics/create-metrics.ts'
import { place, railwayOf, turnedClock } from '#test/environments/railway-of.ts'

const hour = 3_600_000
const { clock } = turnedClock()
const metricsOf = (railway: Partial<Railway> = {}) => createMetrics({ access: async () => railwayOf(railway), clock })
const series = (measurement: Measurement, ...values: number[]): Series => ({
  measurement,
  serviceId: 's',
  points: values.map((value, n) => ({ at: new Date(n * 30_000), value })),
})

test.each([
  [hour / 12, 30],
  [hour, 30],
  [6 * hour, 60],
  [24 * hour, 240],
  [7 * 24 * hour, 3600],
  [30 * 24 * hour, 14_400],
])('a window of %i ms is sampled every %i s, as the dashboard does', (windowMs, seconds) => {
  expect(sampleSeconds(windowMs)).toBe(seconds)
})

test('a window asks Railway once, for a service or for all', async () => {
  const asked: object[] = []
  const answer: Railway['metrics'] = async (input) => {
    asked.push(input)
    return [series('CPU_USAGE', 1)]
  }
  const metrics = metricsOf({ metrics: answer })
  const { from, to } = await metrics.window(place, { id: 's', name: 'api' }, hour)
  await metrics.window(place, undefined, hour)
  expect(to.getTime() - from.getTime()).toBe(hour)
  expect(asked[0]).toMatchObject({
    projectId: 'project-1',
    environmentId: 'environment-1',
    serviceId: 's',
    since: from,
    sampleRateSeconds: 30,
  })
  expect(asked[1]).not.toHaveProperty('serviceId')
})

test('a summary has the latest, mean and peak; several services are added up moment by moment', () => {
  const summary = metricsOf().summarise([series('CPU_USAGE', 1, 3), series('CPU_USAGE', 1, 1, 1), series('MEMORY_USAGE_GB')])
  expect(summary).toEqual([{ measurement: 'CPU_USAGE', latest: 1, mean: 7 / 3, peak: 4, total: 7 }])
})

test('mean and latest are never above the peak', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
      const [summary] = metricsOf().summarise([series('MEMORY_USAGE_GB', ...values)])
      expect(summary!.mean).toBeLessThanOrEqual(summary!.peak * (1 + 1e-9))
      expect(summary!.latest).toBeLessThanOrEqual(summary!.peak)
    }),
  )
})
