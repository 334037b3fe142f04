import type { ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { environmentQuery } from './documents/environment.ts'
import { serviceHttpQuery } from './documents/service-http.ts'
import { forEach } from './for-each.ts'
import type { EnvironmentState, HttpCounts } from './railway.ts'

type Share = ResultOf<typeof serviceHttpQuery>
type Shares = Readonly<Record<string, unknown>>

export const httpDefaults = {
  windowMs: 120_000,
  /** Services asked about in one request: two fields each, some 70 KB of query. The others have their turn next. */
  most: 250,
  /** Figures of a service that had no turn since are shown for so long. */
  keptMs: 300_000,
  /** A service whose figures failed is left out for so long. */
  restMs: 600_000,
  /** Where the whole request failed, all are left out: at first so long, then twice as long each time. */
  pauseMs: 60_000,
  longestPauseMs: 300_000,
} as const

/** Which services' HTTP figures are asked for beside the reading of an environment, and what the answer says. One for each client. */
export interface HttpFigures {
  /** Whose figures the next reading asks for. */
  turn(last: EnvironmentState | undefined): readonly string[]
  document(services: readonly string[]): TadaDocumentNode<ResultOf<typeof environmentQuery> & Shares, VariablesOf<typeof environmentQuery>>
  variables(services: readonly string[], until: Date): Readonly<Record<string, string>>
  read(services: readonly string[], answer: Shares, until: Date): ReadonlyMap<string, HttpCounts>
  /** What is left to ask for after this failure: a smaller list, or undefined where the figures are not what failed. */
  without(services: readonly string[], error: unknown, environmentId: string): readonly string[] | undefined
  worked(environmentId: string): void
}

export function createHttpFigures({ clock, log }: { readonly clock: Clock; readonly log: Log }): HttpFigures {
  /** Until when a service, or all of an environment, are left out. */
  const resting = new Map<string, number>()
  const pauses = new Map<string, { readonly ms: number; readonly until: number }>()
  let newest: { readonly count: number; readonly document: ReturnType<HttpFigures['document']> } | undefined
  const now = () => clock.now().getTime()

  function pause(environmentId: string): void {
    const ms = Math.min(httpDefaults.longestPauseMs, (pauses.get(environmentId)?.ms ?? httpDefaults.pauseMs / 2) * 2)
    pauses.set(environmentId, { ms, until: now() + ms })
  }

  return {
    turn(last) {
      if (!last || (pauses.get(last.id)?.until ?? 0) > now()) return []
      for (const [service, until] of resting) if (until <= now()) resting.delete(service)
      const asked = last.services.filter(({ id, domains }) => domains.length > 0 && !resting.has(id))
      const oldestFirst = asked.sort((a, b) => (a.http?.until.getTime() ?? 0) - (b.http?.until.getTime() ?? 0))
      return oldestFirst.slice(0, httpDefaults.most).map(({ id }) => id)
    },
    document({ length: count }) {
      // Only ids differ from one reading to the next, and they are variables.
      newest = newest?.count === count ? newest : { count, document: merged(count) }
      return newest.document
    },
    variables: (services, until) => ({
      ...(services.length > 0 && {
        httpSince: new Date(until.getTime() - httpDefaults.windowMs).toISOString(),
        httpUntil: until.toISOString(),
      }),
      ...Object.fromEntries(services.map((id, number) => [`serviceId_${number}`, id])),
    }),
    read: (services, answer, until) => new Map(services.map((id, number) => [id, countsOf(shareOf(answer, number), until)])),
    without(services, error, environmentId) {
      if (services.length === 0 || !(error instanceof UpstreamError)) return undefined
      const { beside, status } = error.fault
      if (beside === undefined) {
        if (status !== 429) pause(environmentId)
        // Refused as it stands: too large, or too much at once.
        return status === 400 || status === 413 ? [] : undefined
      }
      const failed = new Set(beside.map((name) => services[Number(/_(\d+)$/.exec(name)?.[1])]))
      const rest = services.filter((id) => !failed.has(id))
      if (rest.length === services.length) return undefined
      log.warn({ services: [...failed], reason: error.message }, 'Railway does not tell HTTP figures of some services')
      for (const id of failed) if (id) resting.set(id, now() + httpDefaults.restMs)
      return rest
    },
    worked: (environmentId) => void pauses.delete(environmentId),
  }
}

function merged(count: number): ReturnType<HttpFigures['document']> {
  // The checker and the compiler have seen both documents; `forEach` only repeats.
  return forEach(environmentQuery, serviceHttpQuery, 'serviceId', count) as ReturnType<HttpFigures['document']>
}

function shareOf(answer: Shares, number: number): Share {
  return { byStatus: answer[`byStatus_${number}`], durations: answer[`durations_${number}`] } as Share
}

/** Counts are of a sample each, so their sum is the window's. */
function countsOf({ byStatus, durations }: Share, until: Date): HttpCounts {
  const sum = (groups: Share['byStatus']) => groups.flatMap(({ samples }) => samples).reduce((total, { value }) => total + value, 0)
  const newest = durations.samples.at(-1)
  const requests = sum(byStatus)
  return {
    until,
    seconds: httpDefaults.windowMs / 1_000,
    requests,
    errors: sum(byStatus.filter(({ statusCode }) => statusCode >= 500)),
    p50Ms: requests > 0 ? newest?.p50 : undefined,
    p95Ms: requests > 0 ? newest?.p95 : undefined,
  }
}
