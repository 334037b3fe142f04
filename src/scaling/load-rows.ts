import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { LoadSample } from './load-sample.ts'

const MINUTE = 60_000

/** The load of services, as it was recorded. */
export interface LoadRows {
  /** By the services' ids; of each minute the first counts. */
  add(place: Place, loads: ReadonlyMap<string, LoadSample>): Promise<void>
  /** Oldest first. */
  since(place: Place, service: string, since: Date): Promise<readonly LoadSample[]>
  prune(before: Date): Promise<void>
}

export function createLoadRows({ db }: Pick<Store, 'db'>): LoadRows {
  /** What this process added last: most cycles of a minute need not ask. */
  const newest = new Map<string, number>()
  return {
    async add({ guild, project, environment }, loads) {
      const rows = [...loads].flatMap(([service, sample]) => {
        const minute = Math.floor(sample.at.getTime() / MINUTE)
        return newest.get(`${environment} ${service}`) === minute
          ? []
          : [{ guild, project, environment, service, minute, ...rowOf(sample) }]
      })
      if (rows.length === 0) return
      await db
        .insertInto('scale_loads')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      if (newest.size > 10_000) newest.clear()
      for (const { service, minute } of rows) newest.set(`${environment} ${service}`, minute)
    },
    async since({ guild, project, environment }, service, since) {
      const rows = await db
        .selectFrom('scale_loads')
        .selectAll()
        .where('guild', '=', guild)
        .where('project', '=', project)
        .where('environment', '=', environment)
        .where('service', '=', service)
        .where('minute', '>=', Math.floor(since.getTime() / MINUTE))
        .orderBy('minute')
        .execute()
      return rows.map(sampleOf)
    },
    async prune(before) {
      await db.deleteFrom('scale_loads').where('at', '<', before).execute()
    },
  }
}

function rowOf({ at, replicas, cpu, cpuLimit, memory, memoryLimit, requestsPerSecond, p95Ms, queue, level }: LoadSample) {
  return {
    ...{ at, replicas, cpu: cpu ?? null, cpu_limit: cpuLimit ?? null, memory: memory ?? null, memory_limit: memoryLimit ?? null },
    ...{ requests_per_second: requestsPerSecond ?? null, p95_ms: p95Ms ?? null, queue: queue ?? null, level: level ?? null },
  }
}

function sampleOf(row: Selectable<Database['scale_loads']>): LoadSample {
  const { at, replicas, cpu, memory, queue, level } = row
  return {
    ...{ at, replicas, cpu: cpu ?? undefined, memory: memory ?? undefined, queue: queue ?? undefined, level: level ?? undefined },
    cpuLimit: row.cpu_limit ?? undefined,
    memoryLimit: row.memory_limit ?? undefined,
    requestsPerSecond: row.requests_per_second ?? undefined,
    p95Ms: row.p95_ms ?? undefined,
  }
}
