import { z } from 'zod'
import type { CallAnswer } from '#src/automation/call-wire.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { OperationStatus } from '#src/operations/operations.ts'
import type { PolicyKind, PolicyMode } from './policy.ts'

/** A command that a policy calls. */
export const act = z.object({
  command: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  /** What it adds to what the service costs, in dollars a month as things are now; undefined where that cannot be known. */
  dollarsPerMonth: z.number().optional(),
})
export type Act = z.output<typeof act>

/** What a policy made of a reading, where that is worth a line: an act, or why there is none. What stays as it was is none. */
export interface Decision {
  /** A word for what was decided, for people: `restart`, `scale up`, `held`, `gave up`, `over`. */
  readonly verdict: string
  /** Why, in full. */
  readonly sentence: string
  readonly facts: readonly Fact[]
  readonly act?: Act
}

/** A decision that was made, and what came of it. */
export interface PastDecision extends Decision {
  /** UUID; also the key of its call. */
  readonly id: string
  readonly policy: string
  readonly kind: PolicyKind
  readonly name: string
  readonly service: ServiceRef
  readonly at: Date
  /** Whether the policy acted or only simulated. */
  readonly mode: PolicyMode
  /** Undefined while it is being asked for, and where nothing was. */
  readonly answer: CallAnswer | undefined
  /** Of the operation that carries it out, as it stands now. */
  readonly outcome: OperationStatus | undefined
}

/** Whether it is known what came of it: nothing is decided on top of what is not. */
export function isSettled({ act, mode, answer, outcome }: PastDecision): boolean {
  if (!act || mode !== 'act') return true
  if (!answer) return false
  return answer.operation === undefined || outcome === undefined || !['queued', 'running'].includes(outcome)
}

/** Whether it was really done: what was refused used up nothing. */
export function wasDone({ act, mode, answer }: PastDecision): boolean {
  return act !== undefined && mode === 'act' && answer !== undefined && ['done', 'started', 'failed', 'unknown'].includes(answer.status)
}
