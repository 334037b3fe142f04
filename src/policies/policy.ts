import type { Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'

/** What a policy does: brings back what is sick, or keeps a service as large as its load needs. */
export const policyKinds = ['heal', 'scale'] as const
export type PolicyKind = (typeof policyKinds)[number]

/** `act`: does it. `simulate`: decides and tells, and does nothing. `off`: does not even look. */
export const policyModes = ['act', 'simulate', 'off'] as const
export type PolicyMode = (typeof policyModes)[number]

/** One version of a policy of a service. Whoever set or switched it confirmed what it does, once for all its acts. */
export interface Policy<Rules = unknown> {
  /** UUID; the same through all its versions. */
  readonly id: string
  readonly kind: PolicyKind
  /** What people call it: unique among its kind in the environment. */
  readonly name: string
  /** With its environment. */
  readonly place: Place
  /** The environment's name. */
  readonly environment: string
  readonly service: ServiceRef
  readonly mode: PolicyMode
  readonly rules: Rules
  /** Over what it does to what: another version has another. It stands in the audit of every act. */
  readonly digest: string
  /** Actor key and name of the person. */
  readonly by: string
  readonly byName: string
  readonly at: Date
  /** The Discord channel in which it was set. */
  readonly channel: string | undefined
}

/** Nothing heals and nothing scales by itself on this server, whatever the policies say. */
export interface Stop {
  readonly reason: string
  readonly byName: string
  readonly since: Date
}
