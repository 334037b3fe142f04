import { type Kysely, sql } from 'kysely'

/** Who may be heard, how a guild wants it, what was said to Helix, and the voice channels it is in. Sound is nowhere. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** Of all the guild's projects and environments. */
const all = "project text NOT NULL DEFAULT '', environment text NOT NULL DEFAULT ''"

const statements = [
  `CREATE TABLE voice_consents (
    guild text NOT NULL, ${all}, user_id text NOT NULL, since timestamptz NOT NULL, withdrawn_at timestamptz,
    PRIMARY KEY (guild, user_id))`,

  `CREATE TABLE voice_settings (
    guild text PRIMARY KEY, ${all}, wake_words jsonb NOT NULL, language text NOT NULL, voice text,
    keep_days integer NOT NULL CHECK (keep_days BETWEEN 0 AND 365), channel text, updated_at timestamptz NOT NULL)`,

  // The id is that of the exchange: its message's subject, and the keys of its calls begin with it.
  `CREATE TABLE voice_transcripts (
    id uuid PRIMARY KEY, guild text NOT NULL, project text NOT NULL, environment text NOT NULL,
    user_id text NOT NULL, text text NOT NULL, command text, outcome text, at timestamptz NOT NULL)`,
  'CREATE INDEX voice_transcripts_user ON voice_transcripts (guild, user_id)',
  'CREATE INDEX voice_transcripts_at ON voice_transcripts (guild, at)',
  'CREATE INDEX voice_transcripts_open ON voice_transcripts (guild) WHERE outcome IS NULL',

  `CREATE TABLE voice_sessions (
    guild text PRIMARY KEY, ${all}, voice_channel text NOT NULL, text_channel text NOT NULL, started_by text NOT NULL,
    since timestamptz NOT NULL)`,
]
