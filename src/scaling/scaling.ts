import type { Panel } from '#src/adapters/charts/charts.ts'
import type { Call, Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { PastDecision } from '#src/policies/decision.ts'
import type { Policies } from '#src/policies/policies.ts'
import type { Policy, PolicyMode } from '#src/policies/policy.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { Replay } from './replay.ts'
import type { ScaleRules } from './scale-rules.ts'
import type { Told } from './scale-state.ts'
import type { ScaleOptions } from './written.ts'

export type ScalePolicy = Policy<ScaleRules>

export interface ScaleAsked {
  readonly service: ServiceRef
  /** Left out: the one that the service has, else the service's own. */
  readonly name?: string | undefined
  /** Left out: as it was, else it acts. */
  readonly mode?: PolicyMode | undefined
  /** What is left out stays as it was. */
  readonly options: ScaleOptions
}

export interface ScaleSet {
  readonly policy: ScalePolicy
  /** As ScaleStanding has them: all that was confirmed. */
  readonly says: string
  readonly rules: readonly Fact[]
  readonly isNew: boolean
}

export interface ScaleStanding {
  readonly policy: ScalePolicy
  /** What it is for: `1 to 6 replicas, for CPU of 70 % each`. */
  readonly says: string
  /** The rest of its rules. */
  readonly rules: readonly Fact[]
  /** How many replicas there are and are wanted, by which figure, or why it holds: one sentence. */
  readonly sentence: string
  readonly tone: 'good' | 'warning' | 'bad' | 'neutral'
  /** What it made of the newest reading; undefined where it made nothing of any yet. */
  readonly told: Told | undefined
  /** When it may act again, where it rests. */
  readonly rests: { readonly up: Date | undefined; readonly down: Date | undefined }
  /** Newest first. */
  readonly past: readonly PastDecision[]
}

/** Panels over time, for a picture. */
export interface Drawn {
  readonly panels: readonly Panel[]
  readonly from: Date
  readonly to: Date
}

/** What would have been, in words and in a picture. */
export interface Simulated {
  readonly policy: ScalePolicy
  /** As the rules were for it. */
  readonly says: string
  readonly replay: Replay
  readonly drawn: Drawn
}

/** Keeps services as large as their load needs, by policies that a person confirmed; one of a service. */
export interface Scaling extends Omit<Policies<ScaleRules>, 'set'> {
  /** See Policies.set. Throws UserError too where the service has another policy already. */
  set(call: Call, asked: ScaleAsked): Promise<ScaleSet>
  /** Decides from what a cycle of health found, and keeps the load for the simulator. What is stale decides nothing. */
  take(signals: EnvironmentSignals): Promise<void>
  standings(place: Place): Promise<readonly ScaleStanding[]>
  standing(place: Place, name: string): Promise<ScaleStanding>
  /** Load and replicas of the last time; undefined where nothing was recorded. */
  draw(place: Place, policy: Pick<ScalePolicy, 'rules' | 'service'>, windowMs: number): Promise<Drawn | undefined>
  /**
   * What the policy, with some of its rules otherwise, would have done to the load that was recorded in the last `windowMs`. Throws UserError
   * where there is too little of it, or the rules cannot be read.
   */
  simulate(place: Place, name: string, windowMs: number, otherwise: ScaleOptions): Promise<Simulated>
  /** Forgets load that was recorded before, and whatever is older than two weeks. */
  prune(before: Date): Promise<void>
}
