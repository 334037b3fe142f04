import type { ResultOf } from 'gql.tada'
import type { Clock } from '#src/kernel/clock.ts'
import { pricePerUnit } from '#src/kernel/prices.ts'
import { costQuery } from './documents/cost.ts'
import type { ProjectCost } from './railway.ts'
import type { Request } from './request.ts'

type Answer = ResultOf<typeof costQuery>
type Used = Pick<Answer['usage'][number], 'measurement' | 'value'>

const DAY_MS = 86_400_000
const daysCompared = 7
const measurements = ['CPU_USAGE', 'MEMORY_USAGE_GB', 'NETWORK_TX_GB', 'DISK_USAGE_GB', 'BACKUP_USAGE_GB'] as const

/** See Railway.cost. */
export async function readCost(request: Request, clock: Clock, projectId: string): Promise<ProjectCost> {
  const now = clock.now().getTime()
  const at = (ms: number) => new Date(ms).toISOString()
  const dayAgo = now - DAY_MS
  const answer = await request(costQuery, {
    ...{ projectId, measurements: [...measurements] },
    ...{ before: at(dayAgo - daysCompared * DAY_MS), dayAgo: at(dayAgo), now: at(now) },
  })
  const days = Math.min(daysCompared, (dayAgo - Date.parse(answer.project.createdAt)) / DAY_MS)
  return {
    current: priceOf(answer.usage),
    estimate: priceOf(answer.estimatedUsage.map(({ measurement, estimatedValue: value }) => ({ measurement, value }))),
    lastDay: priceOf(answer.lastDay),
    usualDay: days >= 1 ? priceOf(answer.daysBefore) / days : undefined,
    byService: byService(answer.lastDay),
  }
}

function byService(lastDay: Answer['lastDay']): ProjectCost['byService'] {
  const named = lastDay.filter(({ tags }) => typeof tags.serviceId === 'string')
  const services = [...Map.groupBy(named, ({ tags }) => tags.serviceId!)]
  return services.map(([serviceId, used]) => ({ serviceId, cost: priceOf(used) })).toSorted((one, other) => other.cost - one.cost)
}

function priceOf(used: readonly Used[]): number {
  return used.reduce((sum, { measurement, value }) => sum + (pricePerUnit[measurement] ?? 0) * value, 0)
}
