import { type Kysely, sql } from 'kysely'

/** Streams that are shown in channels, and how far they have been read. A stream belongs to the installation, a binding to a place. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `CREATE TABLE echo_streams (
    stream text PRIMARY KEY, guild text NOT NULL DEFAULT '', project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT '',
    fence integer NOT NULL DEFAULT 0, leased_until timestamptz, tally jsonb, board jsonb)`,

  `CREATE TABLE echo_bindings (
    id uuid PRIMARY KEY, guild text NOT NULL, project text NOT NULL, environment text NOT NULL,
    stream text NOT NULL, channel text NOT NULL, mode text NOT NULL CHECK (mode IN ('scoreboard', 'changes', 'digest')),
    bound_by text NOT NULL, bound_at timestamptz NOT NULL, since jsonb NOT NULL, shown jsonb NOT NULL,
    trouble text, trouble_since timestamptz, tries integer NOT NULL DEFAULT 0, retry_at timestamptz, UNIQUE (channel, stream))`,
  'CREATE INDEX echo_bindings_place ON echo_bindings (guild, project, environment)',
  'CREATE INDEX echo_bindings_stream ON echo_bindings (stream)',

  'ALTER TABLE messages ADD COLUMN paced boolean NOT NULL DEFAULT false, ADD COLUMN sent_at timestamptz',
  'CREATE INDEX messages_paced ON messages (channel, sent_at) WHERE paced',
]
