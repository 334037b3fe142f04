import type { Place } from '#src/kernel/call.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import type { Policies } from '#src/policies/policies.ts'
import type { Policy } from '#src/policies/policy.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { Replay } from './replay.ts'
import type { ScaleRules } from './scale-rules.ts'

export type ScalePolicy = Policy<ScaleRules>

export interface ScaleStanding {
  readonly policy: ScalePolicy
  /** How many replicas there are and are wanted, by which figure, or why it holds: one sentence. */
  readonly sentence: string
  readonly tone: 'good' | 'warning' | 'bad' | 'neutral'
  /** Newest first. */
  readonly past: readonly PastDecision[]
}

/** Keeps services as large as their load needs, by policies that a person confirmed. */
export interface Scaling extends Policies<ScaleRules> {
  /** Decides from what a cycle of health found, and keeps the load for the simulator. What is stale decides nothing. */
  take(signals: EnvironmentSignals): Promise<void>
  standings(place: Place): Promise<readonly ScaleStanding[]>
  standing(place: Place, name: string): Promise<ScaleStanding>
  /**
   * What the policy, with some of its rules otherwise, would have done to the load that was recorded in the last `windowMs`. Throws UserError
   * where there is too little of it, or the rules cannot be read.
   */
  simulate(place: Place, name: string, windowMs: number, otherwise: Readonly<Record<string, unknown>>): Promise<Replay>
  /** Forgets load that was recorded before. */
  prune(before: Date): Promise<void>
}
