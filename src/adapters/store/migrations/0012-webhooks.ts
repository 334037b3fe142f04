import { type Kysely, sql } from 'kysely'

/** Railway's webhooks: how the matters stand that they tell of, so that late ones change nothing, and what came at all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // The newest that is known of a matter, by Railway's clock.
  `CREATE TABLE webhook_matters (
    guild text NOT NULL, project text NOT NULL, environment text NOT NULL, matter text NOT NULL, begun boolean NOT NULL,
    deployment text, at timestamptz NOT NULL, PRIMARY KEY (guild, project, environment, matter))`,
  'CREATE INDEX webhook_matters_at ON webhook_matters (at)',

  // A webhook is about a project; which environment it names stands in the incident, if there is one.
  `CREATE TABLE webhooks_heard (
    guild text NOT NULL, project text NOT NULL, environment text NOT NULL DEFAULT '', taken bigint NOT NULL, known bigint NOT NULL,
    last_type text NOT NULL, last_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (guild, project))`,
]
