import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Place } from '#src/kernel/call.ts'
import { canonical } from '#src/kernel/canonical.ts'
import type { Policy } from './policy.ts'
import type { PolicyShape } from './shape.ts'

export type PolicyRow = Selectable<Database['policies']>

/** Undefined for one that another version of Helix wrote, and this one cannot read: it does nothing. */
export function policyOf<Rules>(row: PolicyRow, shape: Pick<PolicyShape<Rules, unknown>, 'rules'>): Policy<Rules> | undefined {
  const read = shape.rules.safeParse(row.rules)
  if (!read.success) return undefined
  const { id, kind, name, mode, digest } = row
  return {
    ...{ id, kind, name, mode, digest },
    place: placeOf(row),
    environment: row.environment_name,
    service: { id: row.service_id, name: row.service_name },
    rules: read.data,
    by: row.set_by,
    byName: row.set_by_name,
    at: row.set_at,
    channel: row.channel ?? undefined,
  }
}

export function placeOf({ guild, project, environment }: Place): Place {
  return { guild, project, environment }
}

/** Over everything that says what is done to what; not over the name, nor whether it is on. */
export function policyDigest(of: {
  readonly kind: string
  readonly place: Place
  readonly service: string
  readonly rules: unknown
}): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical({ ...of, place: placeOf(of.place) })))
    .digest('base64url')
}
