import { type Kysely, sql } from 'kysely'

/** Which of its troubles an incident is about, with what led to that; for how bad a state people were called already, and when; whom, by name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // Twice the severity, and one more where nothing is served at all: see gravity.
  `ALTER TABLE incidents ADD COLUMN worst integer NOT NULL DEFAULT 0, ADD COLUMN called_at timestamptz`,
  `UPDATE incidents SET
    worst = CASE severity WHEN 'critical' THEN 4 WHEN 'warning' THEN 2 ELSE 0 END + CASE WHEN title LIKE '% is down' THEN 1 ELSE 0 END,
    called_at = CASE WHEN called > 0 THEN coalesce(escalated_at, opened_at) END`,
  `ALTER TABLE incident_troubles ADD COLUMN outage boolean NOT NULL DEFAULT false, ADD COLUMN evidence jsonb NOT NULL DEFAULT '{}'`,
  `UPDATE incident_troubles SET outage = true WHERE fingerprint LIKE 'health:%' AND title LIKE '% is down'`,
  // Of its channels and roles, as they were called when it was added.
  `ALTER TABLE alert_routes ADD COLUMN names jsonb NOT NULL DEFAULT '{}'`,
]
