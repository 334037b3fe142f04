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
      { label: 'What', value: shortened(`${what(task)}${givenTo(task)}`) },
      { label: 'State', value: status },
      ...(max_attempts > 1 ? [{ label: 'Attempts', value: `${attempt} of ${max_attempts}` }] : []),
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
  if (status === 'completed') return `${agent_id} has done ${what(task)} (task ${id}).`
  if (status === 'dead') return `${what(task)} of ${agent_id} did not work (task ${id}): ${error ?? 'no reason was given'}`
  if (status === 'cancelled') return `${what(task)} of ${agent_id} is cancelled (task ${id}).`
  if (status === 'running') return `${agent_id} works on ${what(task)} (task ${id}).`
  if (status !== 'pending') return `Task ${id} of ${agent_id} is ${status}: ${what(task)}.`
  const later = due_at.getTime() > now.getTime() ? ', not before its next attempt is due' : ''
  return `Task ${id} waits for ${agent_id} to take it${later}: ${what(task)}.`
}

/** A command by its words, any other task by its type. */
function what({ task_type, task_data }: Task): string {
  const { command } = task_data
  return task_type === 'command' && typeof command === 'string' ? command : task_type
}

/** What a command was given, as a member writes it. */
function givenTo({ task_type, task_data }: Task): string {
  const { arguments: given } = task_data
  if (task_type !== 'command' || typeof given !== 'object' || given === null) return ''
  return Object.entries(given)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value)}`)
    .join('')
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

function actions({ id, status }: Task): readonly Action[] {
  const given = { task: id }
  if (status === 'completed') return []
  const again = { label: 'Try again', command: 'agents.task.retry', arguments: given }
  if (status === 'dead' || status === 'cancelled') return [again]
  const isOurs = status === 'pending' || status === 'running'
  return [
    { label: 'Look again', command: 'agents.task.show', arguments: given },
    // A word of its client's own may mean anything: that it failed, or that somebody works on it.
    ...(isOurs ? [] : [again]),
    { label: 'Cancel', command: 'agents.task.cancel', arguments: given, danger: true },
  ]
}
