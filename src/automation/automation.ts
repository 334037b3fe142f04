import type { Call, Place } from '#src/kernel/call.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'

/** What a rule makes of an event: everything that its digest covers. */
export interface RuleVersion {
  /** Who may use the confirmation: the service that keeps the rule, by its folder's name. */
  readonly service: string
  /** The rule's own id, at that service. */
  readonly rule: string
  /** Which events it takes, as the rule has it: `stripe.payment_failed`, `github.*`. */
  readonly pattern: string
  /** A leaf of `commands/`: `restart`, `env.set`. */
  readonly command: string
  /** As they will be called; where the event fills in a value, with its template (`{{payload.service}}`). Not the environment. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** Name of the environment; left out: the place's own. */
  readonly environment?: string | undefined
}

/** A version of a rule, confirmed once for all its calls by the person who enabled it. */
export interface Grant extends RuleVersion {
  readonly id: string
  readonly digest: string
  readonly place: Place
  /** Actor key and name of the person. */
  readonly by: string
  readonly byName: string
  readonly at: Date
  /** The Discord channel in which it was confirmed. */
  readonly channel: string | undefined
}

/**
 * What persons allow services to start by themselves. A change that would ask a person for a confirmation (production, what cannot be
 * undone) starts at the door `automation` only with a live grant for exactly what is called. Commands that grant must be for admins.
 */
export interface Automation {
  /**
   * Confirms a version of a rule in the name of the call's actor; an earlier version of the same rule is confirmed no more. Throws
   * UserError where no such command, option or environment exists, or where automation may not call it.
   */
  grant(version: RuleVersion, call: Call): Promise<Grant>
  /** From now on nothing is confirmed for that rule. False where nothing was. */
  revoke(rule: Pick<RuleVersion, 'service' | 'rule'>, call: Call): Promise<boolean>
  /** The live grants of a guild, oldest first. */
  grants(guild: string): Promise<readonly Grant[]>
  /** Where what a rule starts is shown: the channel in which it was confirmed last, be that over or not. Undefined where there is none. */
  channelOf(rule: Pick<RuleVersion, 'service' | 'rule'>, guild: string): Promise<string | undefined>
  /** The live grant of the call's rule, in the version that the call names, for exactly this command, these arguments and this environment. */
  covering(call: Call, environment: EnvironmentRef): Promise<Grant | undefined>
}
