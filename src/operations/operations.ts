import type { Actor, Call, Place } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import type { Fact, Report } from '#src/kernel/report.ts'
import type { Change } from './change.ts'

/** What a change would do, worked out before anything is done. */
export interface Plan {
  readonly change: Change
  readonly place: Place
  readonly environment: EnvironmentRef
  /** In full and in the imperative: `Deploy voice-processor in production: commit 3f2a91c in place of 8b1d0ee.` */
  readonly sentence: string
  readonly facts: readonly Fact[]
  /** What of the target it was worked out from: where the digest is another, one of these is. */
  readonly seen: readonly Fact[]
  /** Over (command, arguments, state of the target): a confirmation holds only while this is the same. */
  readonly digest: string
}

/** How an operation stands. `unknown` keeps its lock and asks a person. */
export type OperationStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'unknown' | 'cancelled'

export interface Operations {
  /**
   * Reads the target anew and works out the change. Throws UserError with the reason where it cannot be done (replicas out of range,
   * a deployment that cannot be rolled back, a service with a volume asked to have replicas, one locked by another operation),
   * UpstreamError where Railway cannot be read. Changes nothing.
   */
  plan(change: Change, place: Place): Promise<Plan>
  /**
   * Writes operation, lock, job and audit row in one transaction, and uses up the answer that the call is. Throws UserError naming the owner
   * where the service is locked meanwhile, NotAnswered where the question was answered meanwhile.
   */
  start(plan: Plan, call: Call): Promise<Report>
  /** A person's word on an operation that ended `unknown`: releases its lock. Throws UserError where it is not unknown (any more). */
  settle(operation: string, outcome: 'happened' | 'did-not-happen', actor: Actor): Promise<Report>
  /** The report of an operation as it stands now; undefined where there is none with this id. */
  show(operation: string): Promise<Report | undefined>
  /** Operations of a place that are not over, oldest first. */
  open(place: Place): Promise<readonly OpenOperation[]>
  /** Ids of the operations of all places that are not over, or whose outcome nobody knows. */
  unfinished(): Promise<readonly string[]>
  /** Forgets operations that ended before that moment, with their steps; never one that is unknown or holds a lock. Answers how many. */
  prune(before: Date): Promise<number>
}

export interface OpenOperation {
  readonly id: string
  readonly kind: Change['kind']
  readonly service: string
  readonly environment: string
  readonly status: OperationStatus
  readonly by: string
  readonly since: Date
}
