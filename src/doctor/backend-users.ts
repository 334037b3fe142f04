import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'

/** A member as the team's own backend knows them. Only these columns are ever read; the rest of the table is nobody's business here. */
export interface BackendUser {
  readonly name: string | undefined
  readonly plan: string | undefined
}

export interface UsersTable {
  readonly readable: boolean
  /** The column that holds Discord's user ids. */
  readonly linkedBy: string | undefined
}

/** The table `users` of a backend that shares the database, where there is one. Never written, never required. */
export interface BackendUsers {
  /** Undefined where there is no such table. */
  table(): Promise<UsersTable | undefined>
  find(discordId: string): Promise<BackendUser | undefined>
}

const links = ['discord_id', 'discord_user_id', 'discord']
const names = ['display_name', 'name', 'full_name', 'username']
const plans = ['plan', 'subscription_tier', 'tier']

export function createBackendUsers({ store }: { readonly store: Pick<Store, 'db'> }): BackendUsers {
  async function columns(): Promise<{ readable: boolean; columns: readonly string[] } | undefined> {
    const { rows } = await sql<{ readable: boolean; columns: readonly string[] }>`
      SELECT has_table_privilege(c.oid, 'SELECT') AS readable,
        (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
      FROM pg_class c WHERE c.oid = to_regclass('users') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`.execute(store.db)
    return rows[0]
  }
  return {
    async table() {
      const found = await columns()
      return found && { readable: found.readable, linkedBy: links.find((name) => found.columns.includes(name)) }
    },
    async find(discordId) {
      const found = await columns()
      const pick = (wanted: readonly string[]) => wanted.find((name) => found?.columns.includes(name))
      const link = pick(links)
      if (!found?.readable || link === undefined) return undefined
      const read = (name: string | undefined) => (name === undefined ? sql`NULL` : sql`${sql.ref(name)}::text`)
      const { rows } = await sql<{ name: string | null; plan: string | null }>`
        SELECT ${read(pick(names))} AS name, ${read(pick(plans))} AS plan FROM users
        WHERE ${sql.ref(link)}::text = ${discordId} LIMIT 1`.execute(store.db)
      const [row] = rows
      return row && { name: row.name ?? undefined, plan: row.plan ?? undefined }
    },
  }
}
