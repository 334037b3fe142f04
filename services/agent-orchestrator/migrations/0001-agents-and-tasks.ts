import { type Kysely, sql } from 'kysely'
import { createOutboxTable } from '#src/streams/outbox.ts'

/** A schema of its own: `agents` and `tasks` are names that others in a shared database may have taken. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
  await createOutboxTable(db, 'orchestrator.outbox')
}

const statements = [
  'CREATE SCHEMA IF NOT EXISTS orchestrator',

  // Half-filled pages: a heartbeat changes no indexed column and finds room beside its row, so no index is written for it.
  `CREATE TABLE orchestrator.agents (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    agent_id text NOT NULL UNIQUE,
    name text NOT NULL, role text NOT NULL, description text NOT NULL, capabilities jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'inactive', 'busy')),
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, last_seen_at timestamptz,
    silent boolean NOT NULL DEFAULT false) WITH (fillfactor = 50)`,

  `CREATE TABLE orchestrator.tasks (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id text NOT NULL, task_type text NOT NULL, task_data jsonb NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, completed_at timestamptz,
    created_by text NOT NULL, idempotency_key text UNIQUE,
    attempt integer NOT NULL DEFAULT 0, max_attempts integer NOT NULL CHECK (max_attempts > 0),
    due_at timestamptz NOT NULL, expires_at timestamptz,
    lease integer NOT NULL DEFAULT 0, lease_until timestamptz,
    result jsonb, error text)`,
  `CREATE INDEX tasks_next ON orchestrator.tasks (agent_id, due_at, id) WHERE status = 'pending'`,
  `CREATE INDEX tasks_leased ON orchestrator.tasks (lease_until) WHERE status = 'running'`,
  `CREATE INDEX tasks_expiring ON orchestrator.tasks (expires_at) WHERE status = 'pending' AND expires_at IS NOT NULL`,
  'CREATE INDEX tasks_of_agent ON orchestrator.tasks (agent_id, id)',
  `CREATE INDEX tasks_counted ON orchestrator.tasks (agent_id, status) WHERE status IN ('pending', 'running', 'dead')`,
  'CREATE INDEX tasks_finished ON orchestrator.tasks (completed_at) WHERE completed_at IS NOT NULL',
]
