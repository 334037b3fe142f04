import type { Measurement, RailwayAccess, Series } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Metrics, Summary } from './metrics.ts'

const minute = 60_000
const hour = 60 * minute
const asked: readonly Measurement[] = ['CPU_USAGE', 'CPU_LIMIT', 'MEMORY_USAGE_GB', 'MEMORY_LIMIT_GB', 'NETWORK_RX_GB', 'NETWORK_TX_GB']

export function createMetrics({ access, clock }: { readonly access: RailwayAccess; readonly clock: Clock }): Metrics {
  return {
    window: async (place, service, windowMs) => {
      const to = clock.now()
      const from = new Date(to.getTime() - windowMs)
      const railway = await access(place)
      const series = await railway.metrics({
        projectId: place.project,
        environmentId: place.environment,
        ...(service && { serviceId: service.id }),
        since: from,
        measurements: asked,
        sampleRateSeconds: sampleSeconds(windowMs),
      })
      return { from, to, sampleSeconds: sampleSeconds(windowMs), series }
    },
    summarise,
  }
}

/** As Railway's dashboard samples a window of this length. */
export function sampleSeconds(windowMs: number): number {
  if (windowMs <= hour) return 30
  if (windowMs <= 6 * hour) return 60
  if (windowMs <= 24 * hour) return 240
  return windowMs <= 7 * 24 * hour ? 3600 : 14_400
}

/** One line for each measurement that has samples; where several services have it, their sum at each moment. */
function summarise(series: readonly Series[]): readonly Summary[] {
  const measured = asked.filter((measurement) => series.some((one) => one.measurement === measurement && one.points.length > 0))
  return measured.map((measurement) => {
    const values = summed(series.filter((one) => one.measurement === measurement))
    const total = values.reduce((sum, value) => sum + value, 0)
    return { measurement, latest: values.at(-1) ?? 0, mean: total / values.length, peak: Math.max(...values), total }
  })
}

/** The sum over the series at each moment, oldest first. */
function summed(series: readonly Series[]): readonly number[] {
  const at = new Map<number, number>()
  for (const { points } of series) for (const point of points) at.set(point.at.getTime(), (at.get(point.at.getTime()) ?? 0) + point.value)
  return [...at.entries()].sort(([a], [b]) => a - b).map(([, value]) => value)
}
