import type { Condition } from '#src/health/health.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef, ServiceRef } from '#src/kernel/directory.ts'
import type { Cadence } from './cadence.ts'

/** What is used of what may be used; the limit is undefined where Railway names none. */
export interface Usage {
  readonly used: number
  readonly limit: number | undefined
}

/** What passed a service's public addresses in the last minutes, as Railway's edge counted it. */
export interface HttpSignals {
  readonly requestsPerSecond: number
  /** Answers of 500 and above among all, 0–1; 0 where nothing was asked. */
  readonly errorRate: number
  readonly p50Ms: number | undefined
  readonly p95Ms: number | undefined
}

/** Everything that one cycle knows about one service: alerts, healing, scaling and the computed level all decide from this and nothing else. */
export interface ServiceSignals {
  readonly service: ServiceRef
  /** Judged from its instances and its probe, after flapping was smoothed out. */
  readonly condition: Condition
  readonly reason: string
  /** It is held to be ill, but was well when it was read last: that has to hold. */
  readonly easing?: true
  /** It flaps, which is held to be degraded: what the newest reading alone says. */
  readonly flapping?: Condition
  /** Since when it has been in that condition. */
  readonly since: Date
  readonly replicas: { readonly running: number; readonly wanted: number }
  /** What serves, and what rolls out or was tried last. */
  readonly serving: DeploymentRef | undefined
  readonly latest: DeploymentRef | undefined
  /** vCPU. */
  readonly cpu: Usage | undefined
  /** GB. */
  readonly memory: Usage | undefined
  /** GB of its volume. */
  readonly disk: Usage | undefined
  /** Undefined where it has no public address, or Railway counted nothing yet. */
  readonly http: HttpSignals | undefined
}

export interface EnvironmentSignals {
  /** With this environment. */
  readonly place: Place
  /** The environment's name. */
  readonly environment: string
  readonly at: Date
  /** True where Railway could not be read: conditions are of the last good reading, and no decision may be made from the figures. */
  readonly stale: boolean
  readonly services: readonly ServiceSignals[]
}

/** A service's condition changed, and it was no blink. The payload of the event `health.turned`. */
export interface Turned {
  readonly place: Place
  readonly environment: string
  readonly service: ServiceRef
  readonly from: Condition
  readonly to: Condition
  readonly reason: string
  readonly since: Date
  readonly serving: DeploymentRef | undefined
  readonly latest: DeploymentRef | undefined
}

/**
 * What the newest cycle found, in whatever process it ran, for whoever asks between two cycles. The process that reads and decides emits
 * `signals.read` after each look and `health.turned` for each turn; a turn is told at least once, so being told twice must do no harm.
 */
export interface Signals {
  /** Undefined where nothing was ever read there, or the environment is not watched. */
  newest(place: Place): EnvironmentSignals | undefined
  /** What a service is held to be; undefined where nobody has looked lately. */
  held(place: Place, service: string): Pick<ServiceSignals, 'condition' | 'reason' | 'since'> | undefined
  /** How often the environment is looked at: less often than is set while Railway allows few more requests. */
  cadence(place: Place): Cadence | undefined
  /**
   * Reads this environment now, out of turn: something says that it changed. Resolves when it was read (or half a minute has passed). Joins a
   * reading that is under way, and asks at most twice a second. Does nothing for an environment that is not watched.
   */
  lookNow(place: Place): Promise<void>
}
