import type { EnvironmentState } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'

export interface Reading {
  readonly state: EnvironmentState
  /** True where Railway could not be read (in time) and this is the last good reading. */
  readonly stale: boolean
  /** Why it is stale; undefined where Railway is only slow. */
  readonly failure?: unknown
}

/** How environments stand, read once for everybody who asks at about the same time. */
export interface Environments {
  /**
   * A reading at most `maxAgeMs` old (default 10 s). Where Railway fails or takes long, the last good reading, marked as stale. With 0,
   * or where there is none, asks anew and throws UpstreamError. Throws UserError where the place has no token.
   */
  state(place: Place, maxAgeMs?: number): Promise<Reading>
  /** Something was changed there: whoever asks next gets a reading that was begun after this. */
  invalidate(place: Place): void
}
