import type { ColumnType, Generated, GeneratedAlways, Selectable } from 'kysely'

/** jsonb, written as text: pg would turn a JavaScript array into a PostgreSQL array. */
type Json<Value> = ColumnType<Value, string, string>
type Defaulted<Value> = ColumnType<Value, Value | undefined, Value>

export const agentStatuses = ['active', 'inactive', 'busy'] as const

export interface AgentsTable {
  id: GeneratedAlways<number>
  /** The id of the specification's profile. */
  uid: Generated<string>
  agent_id: string
  name: string
  role: string
  description: string
  capabilities: Json<readonly string[]>
  status: (typeof agentStatuses)[number]
  created_at: Date
  updated_at: Date
  /** When it last said that it lives; written in batches, so up to a second late. */
  last_seen_at: Date | null
  /** Whether it was told that it is silent. */
  silent: Generated<boolean>
}

export interface TasksTable {
  id: GeneratedAlways<number>
  agent_id: string
  task_type: string
  task_data: Json<Readonly<Record<string, unknown>>>
  /** `pending`, `running`, `completed`, `dead`, `cancelled`, or a word that a client has set itself. */
  status: Defaulted<string>
  created_at: Date
  updated_at: Date
  completed_at: Date | null
  created_by: string
  /** What makes asking for it twice one task; of whoever asked, `created_by`. */
  idempotency_key: string | null
  attempt: Defaulted<number>
  max_attempts: number
  /** Not handed out before. */
  due_at: Date
  /** Not handed out after: it is dead then. */
  expires_at: Date | null
  /** The fence: grows whenever the task changes hands, so that who held it before can change nothing. */
  lease: Defaulted<number>
  /** Whoever holds it must say so before then. Null where nobody holds it. */
  lease_until: Date | null
  result: ColumnType<unknown, string | null | undefined, string | null>
  error: string | null
}

export interface Tables {
  'orchestrator.agents': AgentsTable
  'orchestrator.tasks': TasksTable
}

export const outboxTable = 'orchestrator.outbox'

export type AgentRow = Selectable<AgentsTable>
export type TaskRow = Selectable<TasksTable>
