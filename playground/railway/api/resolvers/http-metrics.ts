import type { HttpSample } from '../../machine/http-counts.ts'
import type { Asking, Resolvers } from '../api.ts'

interface HttpArguments {
  readonly serviceId: string
  readonly environmentId: string
  readonly startDate: Date
  readonly endDate: Date
  readonly statusCode?: number | null
  readonly stepSeconds?: number | null
}

/** What the service's edge saw. Counts, not rates; latencies in milliseconds. Methods and paths are not told apart. */
export const httpMetrics = {
  Query: {
    httpMetrics: (_: unknown, args: HttpArguments, asking) => ({ samples: counts(samplesOf(asking, args), args) }),
    httpMetricsGroupedByStatus(_: unknown, args: HttpArguments, asking) {
      const groups = Map.groupBy(samplesOf(asking, args), (sample) => sample.status)
      return [...groups].map(([statusCode, samples]) => ({ statusCode, samples: counts(samples, args) }))
    },
    httpDurationMetrics(_: unknown, args: HttpArguments, asking) {
      const samples = steps(samplesOf(asking, args), args).map(([ts, within]) => {
        const sorted = within.map((sample) => sample.durationMs).sort((one, other) => one - other)
        const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
        return { ts, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) }
      })
      return { samples }
    },
  },
} satisfies Resolvers

function samplesOf({ access, edges }: Asking, args: HttpArguments): readonly HttpSample[] {
  const counts = edges.counts(access.instance(args.serviceId, args.environmentId))
  const samples = counts?.between(args.startDate.getTime(), args.endDate.getTime()) ?? []
  return args.statusCode == null ? samples : samples.filter(({ status }) => status === args.statusCode)
}

/** Without `stepSeconds`, the whole window is one step. */
function steps(samples: readonly HttpSample[], { startDate, stepSeconds }: HttpArguments): [number, HttpSample[]][] {
  const start = Math.floor(startDate.getTime() / 1_000)
  const stepOf = ({ at }: HttpSample) => (stepSeconds ? Math.floor(at / 1_000 / stepSeconds) * stepSeconds : start)
  return [...Map.groupBy(samples, stepOf)]
}

function counts(samples: readonly HttpSample[], args: HttpArguments) {
  return steps(samples, args).map(([ts, within]) => ({ ts, value: within.length }))
}
