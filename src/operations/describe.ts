import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { actorName } from '#src/kernel/call.ts'
import type { Action, Fact, Report, Tone } from '#src/kernel/report.ts'
import { count } from '#src/kernel/say.ts'
import type { Change } from './change.ts'
import type { Asked, Operation, Steps } from './operation.ts'
import type { OperationStatus } from './operations.ts'
import { courseOf } from './plans/courses.ts'
import type { Prepared } from './plans/prepared.ts'
import { progressWords } from './progress-words.ts'
import { stepTable } from './step-table.ts'

const tones: Readonly<Record<OperationStatus, Tone>> = {
  queued: 'neutral',
  running: 'neutral',
  succeeded: 'good',
  failed: 'bad',
  unknown: 'warning',
  cancelled: 'neutral',
}

/** How an operation stands, for people. */
export function describe(operation: Operation, steps: Steps, now: Date): Report {
  const { change, environment, status, verdict, id } = operation
  return {
    title: courseOf(change).title(change, environment),
    tone: tones[status],
    sentence: verdict?.sentence ?? runningSentence(operation, steps, now),
    facts: [...factsOf(operation, steps), ...(verdict ? [...verdict.facts, ...whyFacts(verdict.lines)] : [])],
    table: stepTable(courseOf(change).steps, steps, status, now),
    actions: actionsOf(operation, steps),
    operation: id,
  }
}

function runningSentence({ change, environment, createdAt }: Operation, steps: Steps, now: Date): string {
  const { words } = courseOf(change)
  const seconds = Math.floor((now.getTime() - createdAt.getTime()) / 1_000)
  const elapsed = seconds < 1 ? '' : ` (${sayDuration(seconds * 1_000)} so far)`
  return `${words.doing} ${change.service.name} ${words.preposition} ${environment.name}: ${progressWords(steps)}${elapsed}.`
}

function factsOf({ actor, cause, environment, facts, attempt }: Operation, steps: Steps): readonly Fact[] {
  const { deployment } = (steps.ask?.data ?? {}) as Partial<Asked>
  return [
    { label: 'Asked by', value: actorName(actor) },
    ...(cause ? [{ label: 'Because', value: cause.reason }] : []),
    { label: 'Environment', value: environment.name },
    ...facts,
    ...(deployment === undefined ? [] : [{ label: 'Deployment', value: deployment }]),
    ...(attempt > 1 ? [{ label: 'Taken over', value: `${count(attempt - 1, 'time')}: a worker stopped, another went on` }] : []),
  ]
}

function whyFacts(lines: readonly string[]): readonly Fact[] {
  return lines.length === 0 ? [] : [{ label: 'Last lines of the log', value: lines.join('\n') }]
}

/** What the reader may want to do next. */
function actionsOf({ id, change, environment, status }: Operation, steps: Steps): readonly Action[] {
  // Named, as a reader's own environment may be another.
  const service = { service: change.service.name, environment: environment.name }
  const { deployment } = (steps.ask?.data ?? {}) as Partial<Asked>
  const logs: Action = { label: 'Logs', command: 'logs', arguments: service }
  const health: Action = { label: 'Health', command: 'health', arguments: service }
  const triedLogs: Action = deployment === undefined ? logs : { ...logs, arguments: { ...service, deployment } }
  switch (status) {
    case 'succeeded':
      return [logs, health, ...wayBack(change, service, steps)]
    case 'failed':
      return [triedLogs, health]
    case 'unknown':
      return [settleAction(id, 'It happened', 'happened'), settleAction(id, 'It did not happen', 'did-not-happen'), logs]
    default:
      return []
  }
}

/** The change that takes this one back, where there is one. */
function wayBack(change: Change, service: Action['arguments'], { check }: Steps): readonly Action[] {
  if (change.kind === 'deploy' || change.kind === 'redeploy') {
    return [{ label: 'Roll back', command: 'rollback', arguments: service, danger: true }]
  }
  const { undo } = (check?.data ?? {}) as Partial<Prepared>
  if (change.kind !== 'scale' || !undo) return []
  return [{ label: `Scale back to ${undo.replicas}`, command: 'scale', arguments: { ...service, ...undo } }]
}

/** An admin's word on how it ended. */
export function settleAction(operation: string, label: string, outcome: 'happened' | 'did-not-happen'): Action {
  return { label, command: 'operation.settle', arguments: { operation, outcome } }
}
