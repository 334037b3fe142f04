import { httpHistoryQuery } from './documents/http-history.ts'
import type { Railway } from './railway.ts'
import type { Request } from './request.ts'

/** See Railway.httpHistory. Counts are of a step each; a step in which nothing was asked has none. */
export function createReadHttpHistory(request: Request): Railway['httpHistory'] {
  return async ({ serviceId, environmentId, since, until, stepSeconds }) => {
    const window = { since: since.toISOString(), until: until.toISOString(), stepSeconds }
    const { byStatus, durations } = await request(httpHistoryQuery, { serviceId, environmentId, ...window })
    const counts = new Map<number, number>()
    for (const { ts, value } of byStatus.flatMap(({ samples }) => samples)) counts.set(ts, (counts.get(ts) ?? 0) + value)
    const slow = new Map(durations.samples.map(({ ts, p95 }) => [ts, p95]))
    return [...counts]
      .toSorted(([one], [other]) => one - other)
      .map(([ts, requests]) => ({
        at: new Date(ts * 1_000),
        requestsPerSecond: requests / stepSeconds,
        p95Ms: requests > 0 ? slow.get(ts) : undefined,
      }))
  }
}
