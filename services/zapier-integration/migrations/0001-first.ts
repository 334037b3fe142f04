import { type Kysely, sql } from 'kysely'

/** A schema of its own: a database may be shared. `json` and not `jsonb`: nothing is searched inside, and writing it costs half. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'CREATE SCHEMA IF NOT EXISTS zapier',

  `CREATE TABLE zapier.events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('event', 'trigger', 'action')),
    name text NOT NULL, payload json NOT NULL, target text, source text NOT NULL,
    at timestamptz NOT NULL, routed boolean NOT NULL DEFAULT false)`,
  'CREATE INDEX events_unrouted ON zapier.events (seq) WHERE NOT routed',
  'CREATE INDEX events_by_kind ON zapier.events (kind, seq)',

  'CREATE TABLE zapier.seen (key text PRIMARY KEY, event uuid NOT NULL, until timestamptz NOT NULL)',
  'CREATE INDEX seen_until ON zapier.seen (until)',

  'CREATE TABLE zapier.totals (kind text PRIMARY KEY, count bigint NOT NULL)',

  `CREATE TABLE zapier.rules (
    id uuid PRIMARY KEY, name text NOT NULL UNIQUE, enabled boolean NOT NULL, content json NOT NULL,
    updated_at timestamptz NOT NULL, updated_by text NOT NULL)`,

  `CREATE TABLE zapier.work (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE, lane text NOT NULL,
    event uuid REFERENCES zapier.events (id) ON DELETE CASCADE,
    rule text, rule_name text, body json, version bigint NOT NULL DEFAULT 0,
    state text NOT NULL CHECK (state IN ('waiting', 'done', 'refused', 'dead')),
    due_at timestamptz NOT NULL, attempts integer NOT NULL DEFAULT 0, fence integer NOT NULL DEFAULT 0,
    outcome json, created_at timestamptz NOT NULL, settled_at timestamptz)`,
  `CREATE INDEX work_due ON zapier.work (lane, due_at) WHERE state = 'waiting'`,
  `CREATE INDEX work_dead ON zapier.work (settled_at) WHERE state = 'dead'`,
  'CREATE INDEX work_event ON zapier.work (event)',
]
