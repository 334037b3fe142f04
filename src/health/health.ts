import type { ServiceState } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Probed } from '#src/probes/probe.ts'

export type Condition = 'healthy' | 'degraded' | 'down' | 'deploying' | 'sleeping' | 'unknown' | 'stopped'

export interface ServiceHealth {
  readonly service: ServiceState
  /** As the health cycle holds it to be; where it has no word yet, as the reading says. */
  readonly condition: Condition
  /** Why, in one plain sentence: `2 of 3 replicas run; one crashed and is being restarted.` */
  readonly reason: string
  /** Since when, where the cycle knows. */
  readonly since?: Date
  /** What this reading alone says, where it is another: a blink, or a change that is not confirmed yet. */
  readonly reads?: { readonly condition: Condition; readonly reason: string }
  /** What its probe found last, where it has one and that is not too old. */
  readonly probe?: Probed
}

export interface EnvironmentHealth {
  readonly environment: { readonly id: string; readonly name: string }
  readonly readAt: Date
  readonly services: readonly ServiceHealth[]
  /** True where Railway could not be read and this is the last good reading. */
  readonly stale: boolean
  readonly unmergedChanges: number
}

/** How the services of an environment are, judged from ONE Railway request (instances against what is configured) and never waking a sleeping one. */
export interface Health {
  /** A reading at most `maxAgeMs` old (default 10 s). Throws UpstreamError where Railway cannot be read and there is no earlier reading. */
  read(place: Place, maxAgeMs?: number): Promise<EnvironmentHealth>
}
