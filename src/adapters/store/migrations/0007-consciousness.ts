import { type Kysely, sql } from 'kysely'

/** What the sources say of how well the whole system is doing, and the gate that asks it before a deployment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const place = 'guild text NOT NULL, project text NOT NULL, environment text NOT NULL'

const statements = [
  // The newest of each source: what every process answers from. `last_id`: of the stream, what of it was read.
  `CREATE TABLE consciousness_sources (
    ${place}, channel text NOT NULL, source text NOT NULL, reading jsonb, parts jsonb, messages bigint NOT NULL DEFAULT 0,
    unreadable bigint NOT NULL DEFAULT 0, unreadable_why text, unreadable_at timestamptz, heard_at timestamptz NOT NULL, last_id text,
    PRIMARY KEY (guild, project, environment, channel, source))`,

  // One row for each span of so many seconds in which a source said anything: of 10 s, then of 5 minutes, then of an hour.
  `CREATE TABLE consciousness_metrics (
    ${place}, channel text NOT NULL, source text NOT NULL, seconds integer NOT NULL, at timestamptz NOT NULL,
    computed boolean NOT NULL, messages integer NOT NULL, level jsonb, metrics jsonb NOT NULL,
    PRIMARY KEY (guild, project, environment, seconds, at, channel, source))`,
  'CREATE INDEX consciousness_metrics_at ON consciousness_metrics (seconds, at)',

  // Of an environment where the service is empty, else of that service of it. What is null is not set.
  `CREATE TABLE gate_settings (
    ${place}, service text NOT NULL DEFAULT '', service_name text NOT NULL DEFAULT '', enabled boolean, level double precision, harmony double precision,
    critical_level double precision, critical_harmony double precision, critical boolean, max_age_ms integer, updated_by text NOT NULL,
    updated_at timestamptz NOT NULL, PRIMARY KEY (guild, project, environment, service))`,

  `CREATE TABLE gate_overrides (
    id uuid PRIMARY KEY, ${place}, service text NOT NULL, service_name text NOT NULL, reason text NOT NULL, given_by text NOT NULL,
    given_by_name text NOT NULL, given_at timestamptz NOT NULL, until timestamptz NOT NULL, operation uuid UNIQUE, used_at timestamptz)`,
  'CREATE INDEX gate_overrides_open ON gate_overrides (guild, project, environment, service) WHERE operation IS NULL',
]
