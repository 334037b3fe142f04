import type { Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Decision, PastDecision } from './decision.ts'
import type { Policy, Stop } from './policy.ts'

/** What a policy goes by besides the reading. */
export interface Round<Rules, State> {
  readonly policy: Policy<Rules>
  /** What it left behind the last time; undefined for a version that never decided, or where it cannot be read. */
  readonly state: State | undefined
  /** When it decided last, from whatever reading. */
  readonly readAt: Date | undefined
  /** Its newest hundred decisions and all its acts of the last hour, newest first, also of its earlier versions. */
  readonly past: readonly PastDecision[]
  /** Set where nothing may be done on this server. */
  readonly stop: Stop | undefined
}

export interface Made<State> {
  readonly state: State
  /** Where it is an act and the policy acts, it is called for as soon as it is committed. */
  readonly decision?: Decision
}

/**
 * Lets each policy of an environment decide once from a reading, in whatever process: one at a time, never from a reading that is older than the
 * one it decided from last, state and decision in one transaction. An act is asked for after that, with the decision's id as the key of the
 * call, so that it is acted on once; what a process that ended left unasked is asked for by the next round, wherever that is.
 */
export interface Rounds<Rules, State> {
  make(
    place: Place,
    readAt: Date,
    /** `tx`: what is told with the decision is written with it. */
    decide: (round: Round<Rules, State>, tx: Transaction) => Made<State> | undefined | Promise<Made<State> | undefined>,
  ): Promise<void>
  /** What a policy decided, newest first. */
  past(place: Place, policy: Pick<Policy, 'id'>, most: number): Promise<readonly PastDecision[]>
  /** What it left behind the last time. */
  state(policy: Pick<Policy, 'id' | 'digest'>): Promise<State | undefined>
}
