import type { Store } from '#src/adapters/store/store.ts'
import type { Standing } from '#src/kernel/call.ts'
import { type Role, roles } from '#src/kernel/command.ts'

export interface RoleGrant {
  readonly roleId: string
  readonly role: Role
}

/** Who may do what: Discord roles to Helix roles, by guild. Default deny. */
export interface Permissions {
  /** The highest Helix role that a member holds at this moment; undefined where it holds none. */
  roleOf(guild: string, standing: Standing | undefined): Promise<Role | undefined>
  /** Writes the first table of a guild that has none yet. */
  seed(guild: string, grants: readonly RoleGrant[]): Promise<void>
}

/** True where a role is enough for what asks the other. */
export function covers(held: Role | undefined, asked: Role): boolean {
  return held !== undefined && roles.indexOf(held) >= roles.indexOf(asked)
}

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
        const existing = await tx.selectFrom('role_grants').select('role_id').where('guild', '=', guild).limit(1).executeTakeFirst()
        if (existing) return
        const rows = grants.map(({ roleId, role }) => ({ guild, role_id: roleId, role }))
        await tx
          .insertInto('role_grants')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      })
    },
  }
}
