import { type Kysely, sql } from 'kysely'

/** What persons let services start by themselves, and why a call was made where no person made it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `CREATE TABLE automation_grants (
    id uuid PRIMARY KEY, guild text NOT NULL, project text NOT NULL, environment text NOT NULL,
    service text NOT NULL, rule text NOT NULL, digest text NOT NULL,
    pattern text NOT NULL, command text NOT NULL, arguments jsonb NOT NULL, environment_name text,
    granted_by text NOT NULL, granted_by_name text NOT NULL, granted_at timestamptz NOT NULL,
    channel text,
    revoked_by text, revoked_at timestamptz)`,
  'CREATE INDEX automation_grants_rule ON automation_grants (guild, service, rule, granted_at)',
  // One version of a rule at a time.
  'CREATE UNIQUE INDEX automation_grants_live ON automation_grants (guild, service, rule) WHERE revoked_at IS NULL',

  'ALTER TABLE operations ADD COLUMN cause jsonb',
  'ALTER TABLE audit ADD COLUMN cause jsonb',
  'CREATE INDEX audit_call ON audit (call) WHERE call IS NOT NULL',
]
