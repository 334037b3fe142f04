import { type Kysely, sql } from 'kysely'

/** Incidents, where they are told, and what a message needs to stand out: mentions, a thread, another channel where its own cannot be used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const place = 'guild text NOT NULL, project text NOT NULL, environment text NOT NULL'

const statements = [
  // An empty channel is the server's system channel.
  `ALTER TABLE messages
    ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN mentions jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN important boolean NOT NULL DEFAULT false,
    ADD COLUMN meant_for text,
    ADD COLUMN thread text,
    ADD COLUMN thread_of uuid,
    ADD COLUMN thread_name text,
    ADD COLUMN made_at timestamptz,
    ADD COLUMN old_edits integer NOT NULL DEFAULT 0,
    ADD COLUMN renewals integer NOT NULL DEFAULT 0,
    ADD COLUMN retired text`,
  'CREATE INDEX messages_notes ON messages (thread_of, seq) WHERE thread_of IS NOT NULL AND message IS NULL AND gone IS NULL',

  // What Discord refused to show, until something can be posted there again.
  `CREATE TABLE refused_posts (
    ${place}, channel text NOT NULL, what text NOT NULL CHECK (what IN ('message', 'thread')),
    reason text NOT NULL, times integer NOT NULL, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL,
    PRIMARY KEY (guild, channel, what))`,

  `CREATE TABLE incident_counters (
    guild text NOT NULL, project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT '',
    kind text NOT NULL CHECK (kind IN ('incident', 'route')), last integer NOT NULL, PRIMARY KEY (guild, kind))`,

  // The names of environment and service are those of the day it was opened.
  `CREATE TABLE incidents (
    id uuid PRIMARY KEY, ${place}, environment_name text NOT NULL, number integer NOT NULL, trouble_group text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved')),
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    title text NOT NULL, sentence text NOT NULL, service_id text, service_name text,
    since timestamptz NOT NULL, opened_at timestamptz NOT NULL,
    acknowledged_by text, acknowledged_at timestamptz, silenced_until timestamptz,
    escalated_at timestamptz, called integer NOT NULL DEFAULT 0, call_due timestamptz,
    resolved_at timestamptz, resolved_by text, resolved_why text, came_back integer NOT NULL DEFAULT 0,
    route jsonb NOT NULL, facts jsonb NOT NULL, evidence jsonb, evidence_due timestamptz, evidence_tries integer NOT NULL DEFAULT 0,
    UNIQUE (guild, number), CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)))`,
  // However many processes see the same at the same moment, one incident is open.
  `CREATE UNIQUE INDEX incidents_open ON incidents (guild, project, environment, trouble_group) WHERE state <> 'resolved'`,
  'CREATE INDEX incidents_group ON incidents (guild, project, environment, trouble_group, resolved_at)',
  `CREATE INDEX incidents_call_due ON incidents (call_due) WHERE state <> 'resolved' AND call_due IS NOT NULL`,
  'CREATE INDEX incidents_evidence_due ON incidents (evidence_due) WHERE evidence_due IS NOT NULL',

  `CREATE TABLE incident_troubles (
    incident uuid NOT NULL REFERENCES incidents, ${place}, fingerprint text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    title text NOT NULL, sentence text NOT NULL, since timestamptz NOT NULL, over_at timestamptz)`,
  'CREATE UNIQUE INDEX incident_troubles_open ON incident_troubles (guild, project, environment, fingerprint) WHERE over_at IS NULL',
  'CREATE INDEX incident_troubles_incident ON incident_troubles (incident)',

  `CREATE TABLE incident_timeline (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, incident uuid NOT NULL REFERENCES incidents, ${place},
    at timestamptz NOT NULL, sentence text NOT NULL, by_name text, once text)`,
  'CREATE INDEX incident_timeline_incident ON incident_timeline (incident, id)',
  // What every process sees is noted once.
  'CREATE UNIQUE INDEX incident_timeline_once ON incident_timeline (incident, once) WHERE once IS NOT NULL',
  `CREATE FUNCTION incident_timeline_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$`,
  `CREATE TRIGGER incident_timeline_no_change BEFORE UPDATE OR DELETE ON incident_timeline
    FOR EACH ROW EXECUTE FUNCTION incident_timeline_is_append_only()`,
  `CREATE TRIGGER incident_timeline_no_truncate BEFORE TRUNCATE ON incident_timeline
    FOR EACH STATEMENT EXECUTE FUNCTION incident_timeline_is_append_only()`,

  // An empty environment or service: all of them.
  `CREATE TABLE alert_routes (
    guild text NOT NULL, project text NOT NULL, environment text NOT NULL DEFAULT '', environment_name text NOT NULL DEFAULT '',
    number integer NOT NULL, severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    service_id text NOT NULL DEFAULT '', service_name text NOT NULL DEFAULT '', channel text NOT NULL, roles jsonb NOT NULL,
    quiet jsonb, chain jsonb NOT NULL, added_by text NOT NULL, added_at timestamptz NOT NULL, PRIMARY KEY (guild, number))`,
]
