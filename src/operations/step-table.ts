import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Table } from '#src/kernel/report.ts'
import type { Followed, Step, StepName, Steps } from './operation.ts'
import type { OperationStatus } from './operations.ts'

const labels: Readonly<Record<StepName, string>> = { check: 'Check', ask: 'Ask Railway', follow: 'Roll out', verify: 'Verify' }
const phaseLabels: Readonly<Record<string, string>> = {
  QUEUED: 'Queue',
  INITIALIZING: 'Prepare',
  BUILDING: 'Build',
  DEPLOYING: 'Start',
  WAITING: 'Wait for checks',
  NEEDS_APPROVAL: 'Wait for approval',
}

type State = 'done' | 'under way' | 'failed' | 'unknown' | 'to do' | 'left out'
const signs: Readonly<Record<State, string>> = { done: '✓', 'under way': '…', failed: '✗', unknown: '?', 'to do': '·', 'left out': '·' }

/** Each step in a row, with how it stands (sign and word) and how long it took. */
export function stepTable(names: readonly StepName[], steps: Steps, status: OperationStatus, now: Date): Table {
  const isOver = status !== 'queued' && status !== 'running'
  return {
    head: ['Step', 'State', 'Took'],
    rows: names.flatMap((name) => {
      const step = steps[name]
      if (!step) return [row(labels[name], isOver ? 'left out' : 'to do', undefined)]
      const state = stateOf(step, status)
      return [...phaseRows(name, step), row(labels[name], state, (step.endedAt ?? now).getTime() - step.startedAt.getTime())]
    }),
  }
}

function stateOf({ status }: Step, operation: OperationStatus): State {
  if (status === 'done') return 'done'
  if (status === 'failed' || operation === 'failed') return 'failed'
  return operation === 'unknown' ? 'unknown' : operation === 'succeeded' ? 'done' : 'under way'
}

/** What was seen of the rollout: the phases that ended. The one under way is told by the step's own row. */
function phaseRows(name: StepName, { data }: Step): readonly (readonly string[])[] {
  if (name !== 'follow') return []
  const { phases } = data as unknown as Followed
  return phases.slice(0, -1).flatMap(({ status, at }, index) => {
    const label = phaseLabels[status]
    const until = phases[index + 1]!.at
    return label === undefined ? [] : [row(label, 'done', Date.parse(until) - Date.parse(at))]
  })
}

function row(label: string, state: State, ms: number | undefined): readonly string[] {
  return [label, `${signs[state]} ${state}`, ms === undefined ? '' : ms < 1_000 ? '< 1 s' : sayDuration(ms)]
}
