import { type Kysely, sql } from 'kysely'

/** Health as the cycle holds it: the newest reading of each environment with what its smoothing remembers, each turn until it was told, and who decides. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const place = 'guild text NOT NULL, project text NOT NULL, environment text NOT NULL'
  const statements = [
    `CREATE TABLE leases (name text PRIMARY KEY, guild text NOT NULL DEFAULT '', project text NOT NULL DEFAULT '',
      environment text NOT NULL DEFAULT '', holder text NOT NULL, until timestamptz NOT NULL)`,
    `CREATE TABLE signals (${place}, name text NOT NULL, at timestamptz NOT NULL, stale boolean NOT NULL, every_ms integer NOT NULL,
      slowed boolean NOT NULL, services jsonb NOT NULL, remembered_at timestamptz NOT NULL, remembered jsonb NOT NULL,
      PRIMARY KEY (guild, project, environment))`,
    `CREATE TABLE health_turns (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${place}, service text NOT NULL, turned jsonb NOT NULL,
      at timestamptz NOT NULL, told_at timestamptz, published_at timestamptz)`,
    'CREATE INDEX health_turns_untold ON health_turns (id) WHERE told_at IS NULL OR published_at IS NULL',
    'CREATE INDEX health_turns_at ON health_turns (at)',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
