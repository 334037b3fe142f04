import { readdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Store } from './store.ts'

/** The bot's own migrations that this database has not seen, in their order. Runs none. */
export async function pendingMigrations({ db }: Pick<Store, 'db'>): Promise<readonly string[]> {
  const wanted = readdirSync(new URL('migrations/', import.meta.url)).map((file) => file.replace(/\.ts$/, ''))
  const { rows } = await sql<{ there: boolean }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS there`.execute(db)
  if (!rows[0]?.there) return wanted.sort()
  const done = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db)
  return wanted.filter((name) => !done.rows.some((row) => row.name === name)).sort()
}
