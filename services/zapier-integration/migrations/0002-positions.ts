import { type Kysely, sql } from 'kysely'

/** How far each stream has been read for the hooks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE zapier.positions (
    channel text PRIMARY KEY, id text NOT NULL, number bigint, lost bigint NOT NULL DEFAULT 0)`.execute(db)
}
