import type { Incident } from '#src/incidents/incidents.ts'
import type { Call, Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import type { Told } from '#src/webhooks/turns.ts'
import type { Rule, WrittenRule } from './rule.ts'
import type { Standing } from './standing.ts'

/** Where a rule comes from: a member's command, the rules file, or Helix itself. */
export type RuleSource = 'command' | 'file' | 'default'

export interface SetRule {
  readonly rule: Rule
  readonly source: RuleSource
  /** As it was written; undefined for one of the file. */
  readonly written: WrittenRule | undefined
  /** What it says, in a few words. */
  readonly says: string
  /** Of one that a member added or switched. */
  readonly addedBy: string | undefined
}

/** A rule with what is pending or fires by it in an environment. */
export interface StandingRule extends SetRule {
  readonly standings: readonly Standing[]
}

/** What a rule reads of one thing at this moment, and what it would do if that lasted. */
export interface Tried {
  /** The service, or what else it is about. */
  readonly of: string
  readonly reads: string
  /** `fires`, `would fire after 5 min`, `is content`, `knows nothing`. */
  readonly would: string
  /** Lines of its log that it is about, secrets masked. */
  readonly lines?: readonly string[]
}

export interface TriedRule extends StandingRule {
  readonly tried: readonly Tried[]
  /** When that was read (of services, logs, costs, certificates); undefined where it is heard, or could not be read. */
  readonly readAt: Date | undefined
}

export interface RuleList {
  /** By name. */
  readonly rules: readonly StandingRule[]
  readonly file: RulesFileState
}

export interface RulesFileState {
  readonly path: string
  /** How many rules of it hold; undefined where there is no file. */
  readonly rules: number | undefined
  /** Why the file as it is now does not count, with line numbers. */
  readonly fault: string | undefined
}

/** What somebody wants to be told of beyond the health of services. */
export interface Alerts {
  /** Of the place's project, with how they stand in its environment. */
  list(place: Place): Promise<RuleList>
  /** Throws UserError where there is no rule of that name. */
  show(place: Place, name: string): Promise<StandingRule>
  /** `written`: as the schema of rules takes it. Throws UserError for one that cannot be read, a name that is taken, or one too many. */
  add(call: Call, written: Readonly<Record<string, unknown>>): Promise<SetRule>
  /** Throws UserError for one of the file, or one that Helix brings along. */
  remove(call: Call, name: string): Promise<SetRule>
  /** Throws UserError for one of the file. */
  enable(call: Call, name: string, enabled: boolean): Promise<SetRule>
  /** What it reads now, anew where that costs a request, and would do; opens nothing. Throws UpstreamError where that cannot be read. */
  test(place: Place, name: string): Promise<TriedRule>
  /** Opens a clearly marked incident as the rule would, by the same route; it ends when somebody resolves it, or by itself. */
  post(call: Call, name: string, service: ServiceRef | undefined): Promise<Incident>
  /** A webhook of Railway came for that place: once over all processes, in any order. */
  hear(place: Place, told: Told): Promise<void>
  /** Decides from what a cycle of health found. What is stale decides nothing. */
  take(signals: EnvironmentSignals): Promise<void>
  file(): RulesFileState
}
