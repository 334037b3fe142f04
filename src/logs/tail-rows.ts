import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Tail } from './tail-report.ts'

/** NOTIFY's channel: the tail with this id was stopped. */
export const stopped = 'helix_tail_stopped'

interface KeptRequest {
  readonly service: string
  readonly version: string
  /** The environment's name. */
  readonly where: string
  readonly filter?: string
}

export function writeRequest(request: KeptRequest): string {
  return JSON.stringify(request)
}

export function tailOf(row: Selectable<Database['tails']>): Tail {
  const { service, version, where, filter } = row.request as unknown as KeptRequest
  return {
    id: row.id,
    place: { guild: row.guild, project: row.project, environment: row.environment },
    service,
    version,
    where,
    filter,
    deployment: row.deployment,
    by: row.by_name,
    startedAt: row.started_at,
    endsAt: row.ends_at,
  }
}
