import { type Kysely, sql } from 'kysely'

/** Idempotency keys are their callers' own; a task is kept by when it was last touched, as its completion is whatever its client says. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'ALTER TABLE orchestrator.tasks DROP CONSTRAINT tasks_idempotency_key_key',
  'ALTER TABLE orchestrator.tasks ADD CONSTRAINT tasks_own_key UNIQUE (created_by, idempotency_key)',
  'DROP INDEX orchestrator.tasks_finished',
  'CREATE INDEX tasks_finished ON orchestrator.tasks (updated_at) WHERE completed_at IS NOT NULL',
]
