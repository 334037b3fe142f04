import type { Measurement, RailwayAccess, Series } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { sampleSeconds } from '#src/metrics/create-metrics.ts'
import type { LoadSample } from './load-sample.ts'

export interface PastLoad {
  /** Oldest first. */
  readonly samples: readonly LoadSample[]
  /** What of it is not known, in sentences. */
  readonly assumed: readonly string[]
}

export interface PastLoadParts {
  readonly access: RailwayAccess
  readonly log: Log
}

const asked: readonly Measurement[] = ['CPU_USAGE', 'CPU_LIMIT', 'MEMORY_USAGE_GB', 'MEMORY_LIMIT_GB']
/** Fewer steps than Railway answers at once. */
const MOST_STEPS = 1_500
const nothing: PastLoad = { samples: [], assumed: [] }

/**
 * What Railway knows of a service's load before Helix recorded it: CPU, memory, requests and latency. Of the number of replicas it says nothing:
 * they are worked out from the limit, which is of all of them together, else there were as many as now.
 */
export function createReadPastLoad({ access, log }: PastLoadParts) {
  return async (place: Place, service: ServiceRef, since: Date, until: Date, replicas: number): Promise<PastLoad> => {
    const windowMs = until.getTime() - since.getTime()
    const stepSeconds = Math.max(sampleSeconds(windowMs), Math.ceil(windowMs / 1_000 / MOST_STEPS))
    const target = { serviceId: service.id, environmentId: place.environment }
    try {
      const railway = await access(place)
      const [series, http] = await Promise.all([
        railway.metrics({ ...target, projectId: place.project, since, measurements: asked, sampleRateSeconds: stepSeconds }),
        railway.httpHistory({ ...target, since, until, stepSeconds }),
      ])
      return join(series, http, { until, stepMs: stepSeconds * 1_000, replicas })
    } catch (err) {
      if (!(err instanceof UpstreamError)) throw err
      log.warn({ err, service: service.id }, 'what Railway knows of a past load could not be read')
      return { ...nothing, assumed: ['Railway did not tell what was before Helix recorded the load.'] }
    }
  }
}

type Http = readonly { readonly at: Date; readonly requestsPerSecond: number; readonly p95Ms: number | undefined }[]

function join(
  series: readonly Series[],
  http: Http,
  { until, stepMs, replicas }: { readonly until: Date; readonly stepMs: number; readonly replicas: number },
): PastLoad {
  const step = (at: Date) => Math.floor(at.getTime() / stepMs)
  const valuesOf = (measurement: Measurement) =>
    new Map(
      series.filter((each) => each.measurement === measurement).flatMap(({ points }) => points.map(({ at, value }) => [step(at), value])),
    )
  const [cpu, cpuLimit] = [valuesOf('CPU_USAGE'), valuesOf('CPU_LIMIT')]
  const [memory, memoryLimit] = [valuesOf('MEMORY_USAGE_GB'), valuesOf('MEMORY_LIMIT_GB')]
  const edge = new Map(http.map((each) => [step(each.at), each]))
  const each = (cpuLimit.get(Math.max(...cpuLimit.keys())) ?? 0) / replicas
  const samples = [...cpu.keys()]
    .toSorted((one, other) => one - other)
    .filter((at) => at * stepMs < until.getTime())
    .map((at) => ({
      at: new Date(at * stepMs),
      replicas: each > 0 ? Math.max(1, Math.round((cpuLimit.get(at) ?? each * replicas) / each)) : replicas,
      ...{ cpu: cpu.get(at), cpuLimit: cpuLimit.get(at), memory: memory.get(at), memoryLimit: memoryLimit.get(at) },
      // A service that answers nobody in a step is not counted in it.
      ...{ requestsPerSecond: http.length > 0 ? (edge.get(at)?.requestsPerSecond ?? 0) : undefined, p95Ms: edge.get(at)?.p95Ms },
      ...{ queue: undefined, level: undefined },
    }))
  if (samples.length === 0) return nothing
  const how = each > 0 ? 'worked out from the limits of CPU' : `taken to be as many as now (${replicas})`
  return {
    samples,
    assumed: [`What was before Helix recorded the load is Railway’s: without queues and consciousness, and the replicas are ${how}.`],
  }
}
