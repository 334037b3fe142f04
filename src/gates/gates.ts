import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import type { Call, Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Fact } from '#src/kernel/report.ts'
import type { Change } from '#src/operations/change.ts'
import type { Operation } from '#src/operations/operation.ts'

/** What a deployment needs: level and harmony of at least so much, each 0–10. */
export interface Threshold {
  readonly level: number
  readonly harmony: number
}

/** What is set for one service beside the environment's own: what is undefined is as it is for the others. */
export interface ServiceGate extends Partial<Threshold> {
  readonly service: ServiceRef
  readonly critical: boolean
}

/** The gate of one environment. */
export interface GateSettings {
  readonly enabled: boolean
  readonly ordinary: Threshold
  readonly critical: Threshold
  /** An older reading is as good as none, in ms. */
  readonly maxAgeMs: number
  readonly services: readonly ServiceGate[]
}

export const gateDefaults: GateSettings = {
  enabled: true,
  ordinary: { level: 6, harmony: 6.5 },
  critical: { level: 7.5, harmony: 7 },
  maxAgeMs: 600_000,
  services: [],
}

/** What may be set; left out stays as it is. With a service, it is for that service alone. */
export interface GateChange {
  readonly service?: ServiceRef | undefined
  readonly enabled?: boolean | undefined
  readonly level?: number | undefined
  readonly harmony?: number | undefined
  readonly criticalLevel?: number | undefined
  readonly criticalHarmony?: number | undefined
  readonly critical?: boolean | undefined
  readonly maxAgeMs?: number | undefined
}

/** One deployment of a service that an admin lets through. */
export interface Override {
  readonly id: string
  readonly service: ServiceRef
  readonly reason: string
  readonly byName: string
  readonly until: Date
}

/** What the gate says of a change at this moment. */
export interface Judgement {
  /** The reading that it went by; undefined where there is none. */
  readonly reading: ConsciousnessReading | undefined
  /** The reading, its age, and what is needed; a note where it was let through without one, or by an override. */
  readonly facts: readonly Fact[]
  /** Why it is shut; undefined where it is open, by itself or by an override. */
  readonly refusal: string | undefined
  readonly override: Override | undefined
}

/** A condition of consciousness that deployments need. docs/consciousness.md says which changes it asks of. */
export interface Gates {
  /** As it is now; undefined where the change needs no gate, or the gate is off. Changes nothing. */
  judge(change: Change, place: Place, environment: string): Promise<Judgement | undefined>
  /**
   * The same once more, when an operation begins: answers why it must not. An override that is needed is used up by it, once; the same operation
   * again finds it used by itself.
   */
  pass(operation: Operation): Promise<string | undefined>
  settings(place: Place): Promise<GateSettings>
  /** Answers how it is then. */
  change(call: Call, changed: GateChange): Promise<GateSettings>
  /** Back to how it is without any setting: of one service, or of the environment with all of its services. */
  reset(call: Call, service: ServiceRef | undefined): Promise<GateSettings>
  /** One deployment of that service, begun before the end of that time. Takes the place of one that was not used. */
  override(call: Call, asked: { readonly service: ServiceRef; readonly reason: string; readonly forMs: number }): Promise<Override>
  /** Those that can be used. */
  overrides(place: Place): Promise<readonly Override[]>
  /** Forgets overrides that were over before that moment; the audit keeps them. Answers how many. */
  prune(before: Date): Promise<number>
}
