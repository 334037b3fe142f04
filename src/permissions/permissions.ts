import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Standing } from '#src/kernel/call.ts'
import { type Role, roles } from '#src/kernel/command.ts'

export interface RoleGrant {
  /** Id of a Discord role, or the actor key of a service's token (`token:zapier-integration`). */
  readonly roleId: string
  readonly role: Role
}

/** Who may do what: Discord roles, and services, to Helix roles, by guild. Default deny. */
export interface Permissions {
  /** The highest Helix role that a caller holds at this moment; undefined where it holds none. */
  roleOf(guild: string, standing: Standing | undefined): Promise<Role | undefined>
  /** Writes the first table of a guild that has none yet. */
  seed(guild: string, grants: readonly RoleGrant[]): Promise<void>
  /** Makes the services' part of a guild's table what the variables say at this start: whoever is not named any more has no role. */
  nameServices(guild: string, grants: readonly RoleGrant[]): Promise<void>
}

/** True where a role is enough for what asks the other. */
export function covers(held: Role | undefined, asked: Role): boolean {
  return held !== undefined && roles.indexOf(held) >= roles.indexOf(asked)
}

/** Actor keys of services; no Discord role has such an id. */
const services = 'token:%'

export interface PermissionsParts {
  readonly store: Store
}

export function createPermissions({ store }: PermissionsParts): Permissions {
  return {
    async roleOf(guild, standing) {
      if (standing === undefined) return undefined
      if (standing.administrator) return 'admin'
      if (standing.roles.length === 0) return undefined
      const granted = await store.db
        .selectFrom('role_grants')
        .select('role')
        .where('guild', '=', guild)
        .where('role_id', 'in', standing.roles)
        .execute()
      return roles.findLast((role) => granted.some((grant) => grant.role === role))
    },
    async seed(guild, grants) {
      if (grants.length === 0) return
      await store.db.transaction().execute(async (tx) => {
        const existing = await tx
          .selectFrom('role_grants')
          .select('role_id')
          .where('guild', '=', guild)
          .where('role_id', 'not like', services)
          .limit(1)
          .executeTakeFirst()
        if (existing) return
        const rows = grants.map(({ roleId, role }) => ({ guild, role_id: roleId, role }))
        await tx
          .insertInto('role_grants')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      })
    },
    async nameServices(guild, grants) {
      await store.db.transaction().execute(async (tx) => {
        // Processes that start at the same moment take turns.
        await sql`SELECT pg_advisory_xact_lock(hashtext('role_grants'))`.execute(tx)
        await tx.deleteFrom('role_grants').where('guild', '=', guild).where('role_id', 'like', services).execute()
        const rows = grants.map(({ roleId, role }) => ({ guild, role_id: roleId, role }))
        if (rows.length > 0) await tx.insertInto('role_grants').values(rows).execute()
      })
    },
  }
}
