import { type Kysely, sql } from 'kysely'

/** What alert rules were read of an environment besides its services: log lines that matter, what it costs, certificates, webhooks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`CREATE TABLE alert_readings (
      guild text NOT NULL, project text NOT NULL, environment text NOT NULL, kind text NOT NULL, reading jsonb NOT NULL,
      PRIMARY KEY (guild, project, environment, kind))`)
    .execute(db)
}
