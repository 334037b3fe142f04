import type { Place } from '#src/kernel/call.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import type { Policies } from '#src/policies/policies.ts'
import type { Policy } from '#src/policies/policy.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { HealRules } from './heal-rules.ts'

export type HealPolicy = Policy<HealRules>

/** Where a policy stands at this moment, in words for people. */
export interface HealStanding {
  readonly policy: HealPolicy
  /** What it would do next, what it is waiting for, that it gave up, or that all is well: one sentence. */
  readonly sentence: string
  /** `restart twice, redeploy, rollback`. */
  readonly steps: string
  readonly tone: 'good' | 'warning' | 'bad' | 'neutral'
  /** Newest first. */
  readonly past: readonly PastDecision[]
}

/** Brings services back that are sick, by policies that a person confirmed: one step at a time, at most so often, and with an end. */
export interface Healing extends Policies<HealRules> {
  /** Decides from what a cycle of health found. What is stale decides nothing. */
  take(signals: EnvironmentSignals): Promise<void>
  /** What a policy does, in a few sentences. */
  describe(policy: HealPolicy): string
  /** Of all policies of an environment, by name. */
  standings(place: Place): Promise<readonly HealStanding[]>
  standing(place: Place, name: string): Promise<HealStanding>
}
