import { type Kysely, sql } from 'kysely'

/** Every table names its place from the first day: one installation serves many guilds, projects and environments. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const place = 'guild text NOT NULL, project text NOT NULL, environment text NOT NULL'

const statements = [
  `CREATE TABLE claims (key text PRIMARY KEY, ${place}, at timestamptz NOT NULL DEFAULT now())`,
  'CREATE INDEX claims_at ON claims (at)',

  `CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${place},
    at timestamptz NOT NULL DEFAULT now(),
    event text NOT NULL, actor text NOT NULL, actor_name text NOT NULL, door text NOT NULL, command text NOT NULL,
    call text, args jsonb NOT NULL, outcome text, operation uuid, chain text)`,
  'CREATE INDEX audit_place ON audit (guild, project, environment, id)',
  'CREATE INDEX audit_operation ON audit (operation) WHERE operation IS NOT NULL',
  `CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$`,
  'CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()',
  'CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()',

  `CREATE TABLE operations (
    id uuid PRIMARY KEY, ${place}, call text NOT NULL UNIQUE, environment_name text NOT NULL,
    change jsonb NOT NULL, service_id text NOT NULL, service_name text NOT NULL,
    sentence text NOT NULL, facts jsonb NOT NULL, digest text NOT NULL,
    command text NOT NULL, actor jsonb NOT NULL, actor_key text NOT NULL, door text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'unknown', 'cancelled')),
    attempt integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL, ended_at timestamptz, verdict jsonb)`,
  `CREATE INDEX operations_open ON operations (guild, project, environment, created_at) WHERE status IN ('queued', 'running', 'unknown')`,

  `CREATE TABLE operation_steps (
    operation uuid NOT NULL REFERENCES operations, step text NOT NULL, ${place}, attempt integer NOT NULL,
    status text NOT NULL CHECK (status IN ('running', 'intended', 'done', 'failed')),
    data jsonb NOT NULL, started_at timestamptz NOT NULL, ended_at timestamptz,
    PRIMARY KEY (operation, step))`,

  `CREATE TABLE locks (
    ${place}, service text NOT NULL, operation uuid REFERENCES operations,
    owner text NOT NULL, owner_name text NOT NULL, reason text NOT NULL, since timestamptz NOT NULL,
    PRIMARY KEY (project, environment, service))`,

  `CREATE TABLE living (
    subject uuid PRIMARY KEY, ${place}, revision integer NOT NULL, report jsonb NOT NULL, at timestamptz NOT NULL)`,

  `CREATE TABLE messages (
    id uuid PRIMARY KEY, ${place}, subject uuid NOT NULL, channel text NOT NULL, message text,
    shown integer NOT NULL DEFAULT 0, due_at timestamptz NOT NULL,
    leased_until timestamptz, lease integer NOT NULL DEFAULT 0, failures integer NOT NULL DEFAULT 0,
    gone text, created_at timestamptz NOT NULL, UNIQUE (channel, message))`,
  'CREATE INDEX messages_subject ON messages (subject)',
  'CREATE INDEX messages_due ON messages (due_at) WHERE gone IS NULL',

  `CREATE TABLE buttons (
    id text PRIMARY KEY, ${place}, action jsonb NOT NULL, family text, confirms_by text,
    expires_at timestamptz NOT NULL, used_at timestamptz, used_by text)`,
  'CREATE INDEX buttons_family ON buttons (family) WHERE family IS NOT NULL',
  'CREATE INDEX buttons_expiry ON buttons (expires_at)',

  `CREATE TABLE tails (
    id uuid PRIMARY KEY, ${place}, request jsonb NOT NULL, deployment text NOT NULL, by_name text NOT NULL,
    attempt integer NOT NULL DEFAULT 0, started_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, stopped_at timestamptz)`,

  `CREATE TABLE role_grants (
    guild text NOT NULL, project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT '',
    role_id text NOT NULL, role text NOT NULL CHECK (role IN ('viewer', 'operator', 'deployer', 'admin')),
    PRIMARY KEY (guild, project, environment, role_id))`,

  `CREATE TABLE places (
    ${place}, project_name text, environments jsonb, token text, token_kind text CHECK (token_kind IN ('project', 'account')),
    updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (guild, project))`,
]
