import type { Actor, Call, Cause, Door, Place } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { Change } from './change.ts'
import type { OperationStatus } from './operations.ts'

/** A durable change, as it is kept. */
export interface Operation {
  readonly id: string
  readonly place: Place
  readonly environment: EnvironmentRef
  readonly change: Change
  /** The plan's sentence and facts, as they were when it was started. */
  readonly sentence: string
  readonly facts: readonly Fact[]
  readonly digest: string
  readonly command: string
  readonly call: Call['key']
  readonly actor: Actor
  readonly door: Door
  /** Set where no person asked for it. */
  readonly cause: Cause | undefined
  readonly status: OperationStatus
  readonly attempt: number
  readonly createdAt: Date
  readonly endedAt: Date | undefined
  readonly verdict: VerdictWords | undefined
}

export interface VerdictWords {
  /** What happened, what did not, what to do. */
  readonly sentence: string
  readonly facts: readonly Fact[]
  /** Why it failed, and the last lines of the log: already masked. */
  readonly lines: readonly string[]
}

/** How an operation ended. */
export interface Verdict extends VerdictWords {
  readonly status: 'succeeded' | 'failed' | 'unknown'
}

export const stepNames = ['check', 'ask', 'follow', 'verify'] as const
export type StepName = (typeof stepNames)[number]

/** `intended`: the mutation is about to be made, or was made and nobody knows how it went. */
export type StepStatus = 'running' | 'intended' | 'done' | 'failed'

export interface Step {
  readonly status: StepStatus
  readonly data: Readonly<Record<string, unknown>>
  readonly startedAt: Date
  readonly endedAt: Date | undefined
}

export type Steps = Readonly<Partial<Record<StepName, Step>>>

/** Kept with `ask` before the mutation: what tells its outcome from what was there before. */
export interface Intent {
  /** Newest first, as far as it was read. */
  readonly deployments: readonly string[]
  /** Of the deployment that serves. */
  readonly instances: readonly string[]
}

/** Kept with `ask` after it. */
export interface Asked extends Intent {
  /** The deployment that came of it, or that it was about. */
  readonly deployment?: string
  /** `answered`: Railway named it; `found`: the only new one; `adopted`: the only one that fits, after an unclear answer. */
  readonly how: 'answered' | 'found' | 'adopted'
}

/** Kept with `follow`: what was seen of the rollout, in order. */
export interface Followed {
  readonly phases: readonly { readonly status: string; readonly at: string }[]
  /** Why nothing can be seen at the moment. */
  readonly trouble?: string
}
