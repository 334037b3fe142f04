import type { Action, Report, Tone } from '#src/kernel/report.ts'
import { ago } from '#src/kernel/say.ts'
import type { Task } from './wire.ts'

const LONGEST = 1_000
const tones: Readonly<Record<string, Tone>> = { completed: 'good', dead: 'bad', cancelled: 'warning' }

/** One task: what became of it, and the buttons for what can be done about it. */
export function taskReport(task: Task, now: Date): Report {
  const { id, agent_id, status, attempt, max_attempts, created_at, completed_at, error, result } = task
  return {
    title: `Task ${id} of ${agent_id}`,
    tone: tones[status] ?? 'neutral',
    sentence: sentence(task, now),
    facts: [
      { label: 'What', value: what(task) },
      { label: 'State', value: status },
      { label: 'Attempts', value: `${attempt} of ${max_attempts}` },
      { label: 'Given', value: ago(created_at, now) },
      ...(completed_at ? [{ label: 'Over', value: ago(completed_at, now) }] : []),
      ...(result !== null && result !== undefined ? [{ label: 'Result', value: shortened(result) }] : []),
      ...(error === null ? [] : [{ label: 'Reason', value: shortened(error) }]),
    ],
    actions: actions(task),
  }
}

function sentence(task: Task, now: Date): string {
  const { id, agent_id, status, error, due_at } = task
  const name = `${agent_id}: ${what(task)}`
  if (status === 'completed') return `Done. ${name} (task ${id}).`
  if (status === 'dead') return `It did not work. ${name} (task ${id}): ${error ?? 'no reason was given'}`
  if (status === 'cancelled') return `Cancelled. ${name} (task ${id}).`
  if (status === 'running') return `${agent_id} works on it (task ${id}): ${what(task)}.`
  if (status !== 'pending') return `Task ${id} of ${agent_id} is ${status}: ${what(task)}.`
  const later = due_at.getTime() > now.getTime() ? ', not before its next attempt is due' : ''
  return `Task ${id} waits for ${agent_id} to take it${later}: ${what(task)}.`
}

/** A command by its words, any other task by its type. */
function what({ task_type, task_data }: Task): string {
  const { command } = task_data
  return task_type === 'command' && typeof command === 'string' ? command : task_type
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

function actions({ id, status }: Task): readonly Action[] {
  const given = { task: id }
  if (status === 'completed') return []
  if (status === 'dead' || status === 'cancelled') return [{ label: 'Try again', command: 'agents.task.retry', arguments: given }]
  return [
    { label: 'Look again', command: 'agents.task.show', arguments: given },
    { label: 'Cancel', command: 'agents.task.cancel', arguments: given, danger: true },
  ]
}
