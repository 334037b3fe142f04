import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '#src/kernel/clock.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import type { Tokens } from '#src/tokens/tokens.ts'

/** What every service's app is made with, whatever it does: `runService` makes it from the base variables, a test from what it likes. */
export interface ServiceBase {
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly clock: Clock
  readonly tokens: Tokens
  /** The other services, for one that asks them; its states are shown by `/health` and `/api/v1/system/service-mesh-status`. */
  readonly mesh?: Mesh
  /** Origins that browsers may call from (`CORS_ORIGINS`); none: no browser may. */
  readonly corsOrigins: readonly string[]
  /** Requests a minute of one caller (by token, else by address) before 429. */
  readonly ratePerMinute: number
}
