import type { z } from 'zod'
import type { agentProfile, commandAnswer, specifiedProfile, task } from '#src/agents/wire.ts'
import type { AgentRow, TaskRow } from './tables.ts'

/** Rows as they leave: moments as text, and nothing that is nobody's business (a task's lease proves who holds it). */
export function agentAnswer({ uid: _, silent: __, ...row }: AgentRow): z.input<typeof agentProfile> {
  return {
    ...row,
    capabilities: [...row.capabilities],
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
  }
}

export function specifiedAnswer({
  uid,
  agent_id,
  name,
  description,
  capabilities,
  status,
  updated_at,
}: AgentRow): z.input<typeof specifiedProfile> {
  return { id: uid, name, description, capabilities: [...capabilities], status, last_updated: updated_at.toISOString(), agent_id }
}

export function taskAnswer({ lease: _, idempotency_key: __, ...row }: TaskRow): z.input<typeof task> {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    completed_at: row.completed_at?.toISOString() ?? null,
    due_at: row.due_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    lease_until: row.lease_until?.toISOString() ?? null,
  }
}

export function commandAnswered(row: TaskRow): z.input<typeof commandAnswer> {
  return { task_id: row.id, status: row.status, result: row.result, error: row.error, task: taskAnswer(row) }
}
