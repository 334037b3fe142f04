import { type Kysely, sql } from 'kysely'

/** What Helix may heal and scale by itself, what it decided, and the switch that stops all of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // `state` and `read_at` are of the version `state_digest`: another one begins anew.
  `CREATE TABLE policies (
    id uuid PRIMARY KEY, guild text NOT NULL, project text NOT NULL, environment text NOT NULL, environment_name text NOT NULL, kind text NOT NULL,
    name text NOT NULL, service_id text NOT NULL, service_name text NOT NULL, mode text NOT NULL, rules jsonb NOT NULL, digest text NOT NULL,
    set_by text NOT NULL, set_by_name text NOT NULL, set_at timestamptz NOT NULL, channel text, state jsonb, state_digest text, read_at timestamptz,
    UNIQUE (guild, project, environment, kind, name))`,

  // The id is the key of the call that an act makes.
  `CREATE TABLE policy_decisions (
    id uuid PRIMARY KEY, guild text NOT NULL, project text NOT NULL, environment text NOT NULL, policy uuid NOT NULL, kind text NOT NULL,
    name text NOT NULL, service_id text NOT NULL, service_name text NOT NULL, digest text NOT NULL, mode text NOT NULL, at timestamptz NOT NULL,
    verdict text NOT NULL, sentence text NOT NULL, facts jsonb NOT NULL, act jsonb, answer jsonb, operation uuid)`,
  'CREATE INDEX policy_decisions_newest ON policy_decisions (policy, at DESC)',
  'CREATE INDEX policy_decisions_unasked ON policy_decisions (guild, project, environment) WHERE act IS NOT NULL AND answer IS NULL',

  `CREATE TABLE policy_stops (
    guild text PRIMARY KEY, project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT '', reason text NOT NULL, set_by text NOT NULL,
    set_by_name text NOT NULL, since timestamptz NOT NULL)`,
]
