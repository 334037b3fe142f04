import { type Kysely, sql } from 'kysely'

/** How much speech of a guild was recognised on a day (UTC), and whether the guild was told that it was enough. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`CREATE TABLE speech_usage (
      guild text NOT NULL, project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT '', day date NOT NULL, seconds integer NOT NULL,
      told_at timestamptz, PRIMARY KEY (guild, day))`)
    .execute(db)
}
