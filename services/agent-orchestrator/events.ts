import { channels } from '#src/kernel/channels.ts'
import type { Told } from '#src/streams/outbox.ts'
import type { AgentRow, TaskRow } from './tables.ts'

type AgentEvent = 'agent_created' | 'agent_updated' | 'agent_deleted'

/** What `agent:coordination` says of a task, beside its new status. */
export type TaskStep = 'created' | 'claimed' | 'completed' | 'retrying' | 'dead' | 'cancelled' | 'retried' | 'updated'

/** An agent came, changed or went: on the channel that existing clients listen to, and on the canonical one. */
export function agentTold(event: AgentEvent, agent_id: string, at: Date): readonly Told[] {
  const message = { event, agent_id, timestamp: at.toISOString() }
  return [
    { channel: channels.agentEvents, message },
    { channel: channels.agentCoordination, message },
  ]
}

export type HeardOf = Pick<AgentRow, 'agent_id' | 'last_seen_at'>

/** An agent fell silent, or is heard again: coordination alone, as existing clients know three kinds of agent events. */
export function agentHeard(event: 'agent_silent' | 'agent_heard', { agent_id, last_seen_at }: HeardOf, at: Date): Told {
  const message = { event, agent_id, last_seen_at: last_seen_at?.toISOString() ?? null, timestamp: at.toISOString() }
  return { channel: channels.agentCoordination, message }
}

/** A task is there to be done: agents that do not claim take it from this queue. A command is coordination by itself. */
export function taskOffered(task: TaskRow, step: 'created' | 'retried', at: Date): readonly Told[] {
  const { id, agent_id, task_type, task_data } = task
  const timestamp = at.toISOString()
  const offer = { event: 'task_created', task_id: id, agent_id, task_type, task_data, timestamp }
  const own = { event: 'command', task_id: id, agent_id }
  // First, as ever on the wire; and last, as what was asked for must not pass itself off as another's.
  const command = { ...own, ...task_data, ...own, timestamp }
  const coordination = task_type === commandType ? command : coordinated(task, step, at)
  return [
    { channel: channels.agentTaskQueue, message: offer },
    { channel: channels.agentCoordination, message: coordination },
  ]
}

/** A task has another status than before. */
export function taskChanged(task: TaskRow, step: TaskStep, at: Date): readonly Told[] {
  const changed = { event: 'task_updated', task_id: task.id, status: task.status, timestamp: at.toISOString() }
  return [
    { channel: channels.agentTaskEvents, message: changed },
    { channel: channels.agentCoordination, message: coordinated(task, step, at) },
  ]
}

export const commandType = 'command'

function coordinated({ id, agent_id, task_type, status, attempt, max_attempts, due_at, error }: TaskRow, step: TaskStep, at: Date) {
  return {
    event: `task_${step}`,
    task_id: id,
    agent_id,
    task_type,
    status,
    attempt,
    max_attempts,
    ...(step === 'retrying' && { due_at: due_at.toISOString() }),
    ...(error !== null && { error }),
    timestamp: at.toISOString(),
  }
}
