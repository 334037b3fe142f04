import type { Call, Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import type { Policies } from '#src/policies/policies.ts'
import type { Policy, PolicyMode } from '#src/policies/policy.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { HealRules } from './heal-rules.ts'
import type { HealOptions } from './written.ts'

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

/** What of a policy is to be set; what is left out stays as it is, or is as it is without saying. */
export interface HealAsked {
  readonly name: string
  readonly service: ServiceRef
  readonly mode: PolicyMode | undefined
  readonly options: HealOptions
}

/** Brings services back that are sick, by policies that a person confirmed: one step at a time, at most so often, and with an end. */
export interface Healing extends Policies<HealRules> {
  /** See Policies.set. Of a policy of that name what is not given is kept. Throws UserError where that is another service's. */
  change(call: Call, asked: HealAsked): Promise<{ readonly policy: HealPolicy; readonly isNew: boolean }>
  /** Decides from what a cycle of health found. What is stale decides nothing. */
  take(signals: EnvironmentSignals): Promise<void>
  /** What a policy does, in a few sentences. */
  describe(policy: HealPolicy): string
  /** Of all policies of an environment, by name. */
  standings(place: Place): Promise<readonly HealStanding[]>
  standing(place: Place, name: string): Promise<HealStanding>
}
