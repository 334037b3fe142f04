import { type Kysely, sql } from 'kysely'

/**
 * What members did in Discord. In a database that is shared with others a table of that name may stand already, made by somebody else: it is
 * left as it is, and ours stands beside it as `helix_discord_interactions`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ taken: boolean }>`SELECT to_regclass('discord_interactions') IS NOT NULL AS taken`.execute(db)
  const name = rows[0]?.taken ? 'helix_discord_interactions' : 'discord_interactions'
  await sql
    .raw(`CREATE TABLE ${name} (
      id text PRIMARY KEY, guild text, channel text NOT NULL, user_id text NOT NULL,
      command text, door text NOT NULL CHECK (door IN ('slash', 'button')),
      at timestamptz NOT NULL, outcome text NOT NULL CHECK (outcome IN ('answered', 'denied', 'refused', 'failed')),
      latency_ms integer NOT NULL)`)
    .execute(db)
  await sql.raw(`CREATE INDEX ${name}_at ON ${name} (at)`).execute(db)
}
