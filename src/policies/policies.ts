import type { Call, Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Policy, PolicyMode, Stop } from './policy.ts'

export interface PolicyWritten {
  /** Lower-case letters, digits and dashes. */
  readonly name: string
  readonly service: ServiceRef
  readonly mode: PolicyMode
  /** As the schema of the kind takes it. */
  readonly rules: Readonly<Record<string, unknown>>
}

/** The policies of one kind. */
export interface Policies<Rules> {
  /** Of the place's environment, by name. */
  list(place: Place): Promise<readonly Policy<Rules>[]>
  /** Throws UserError, with the nearest name, where there is none. */
  named(place: Place, name: string): Promise<Policy<Rules>>
  /**
   * A new policy, or a new version of the one of that name, confirmed by the call's actor; what the version before was in the middle of begins
   * anew. Throws UserError for rules that cannot be read, or one policy too many.
   */
  set(call: Call, written: PolicyWritten): Promise<Policy<Rules>>
  /** The same rules, confirmed anew by the call's actor. */
  switch(call: Call, name: string, mode: PolicyMode): Promise<Policy<Rules>>
  /** What it did stays known. */
  remove(call: Call, name: string): Promise<Policy<Rules>>
}

/** With what people wrote, for whoever changes only a part of it. */
export interface WrittenPolicies<Rules> extends Policies<Rules> {
  written(policy: Pick<Policy, 'id'>): Promise<unknown>
}

/** One switch over all policies of a server: healing and scaling alike. */
export interface PolicyStops {
  stopped(guild: string): Promise<Stop | undefined>
  /** Throws UserError where they are stopped already. */
  stop(call: Call, reason: string): Promise<Stop>
  /** Throws UserError where they are not stopped. */
  resume(call: Call): Promise<Stop>
}
