import { z } from 'zod'

/** A moment as it travels (RFC 3339), and as it is worked with. */
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** An agent that was not heard for so long is silent, in ms. */
export const silentAfterMs = 90_000

/** An agent as the orchestrator answers it: what existing Helix clients know, and what came beside. */
export const agentProfile = z.object({
  id: z.int(),
  agent_id: z.string(),
  name: z.string(),
  role: z.string(),
  capabilities: z.array(z.string()),
  status: z.enum(['active', 'inactive', 'busy']),
  created_at: moment,
  updated_at: moment,
  description: z.string(),
  /** Null: never heard of. */
  last_seen_at: moment.nullable(),
})
export type AgentProfile = z.output<typeof agentProfile>

/** The profile of the specification's paths (`/agents…`). */
export const specifiedProfile = z.object({
  id: z.guid(),
  name: z.string(),
  description: z.string(),
  capabilities: z.array(z.string()),
  status: z.enum(['active', 'inactive', 'busy']),
  last_updated: moment,
  agent_id: z.string(),
})

/** A task as the orchestrator answers it. `status` is one of ours, or whatever an existing client has set. */
export const task = z.object({
  id: z.int(),
  agent_id: z.string(),
  task_type: z.string(),
  task_data: z.record(z.string(), z.unknown()),
  status: z.string(),
  created_at: moment,
  completed_at: moment.nullable(),
  updated_at: moment,
  created_by: z.string(),
  attempt: z.int(),
  max_attempts: z.int(),
  due_at: moment,
  expires_at: moment.nullable(),
  /** Whoever works on it must say so before then. */
  lease_until: moment.nullable(),
  result: z.unknown(),
  error: z.string().nullable(),
})
export type Task = z.output<typeof task>

/** What an agent gets that asks for work: the task, and the lease with which it proves that the task is its own. */
export const claimed = z.object({ task: task.nullable(), lease: z.int().nullable() })

/** What became of a command until it was answered. */
export const commandAnswer = z.object({ task_id: z.int(), status: z.string(), result: z.unknown(), error: z.string().nullable(), task })

/**
 * What agents say of themselves, by agent id; any JSON. `agentCount` is how many do, as existing clients know it. Where `statuses_known` is
 * false nobody's is known at the moment (Redis is away), and `agentCount` is how many agents are registered.
 */
export const agentStatuses = z.object({
  agentCount: z.int(),
  statuses: z.record(z.string(), z.unknown()),
  statuses_known: z.boolean().default(true),
})
export type AgentStatuses = z.output<typeof agentStatuses>

/** Tasks that are not over, and those that died, by agent id. */
export const taskCounts = z.record(z.string(), z.object({ pending: z.int(), running: z.int(), dead: z.int() }))
export type TaskCounts = z.output<typeof taskCounts>
