import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '#src/kernel/clock.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import type { Tokens } from '#src/tokens/tokens.ts'
import type { Tracing } from '#src/tracing/tracing.ts'

/** What every service's app is made with, whatever it does: `runService` makes it from the base variables, a test from what it likes. */
export interface ServiceBase {
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly clock: Clock
  readonly tokens: Tokens
  /** The other services, for one that asks them; its states are shown by `/health` and `/api/v1/system/service-mesh-status`. */
  readonly mesh?: Mesh
  /** `noTracing` where no collector is named. */
  readonly tracing: Tracing
  /** Origins that browsers may call from (`CORS_ORIGINS`); none: no browser may. */
  readonly corsOrigins: readonly string[]
  /** How many proxies stand before it, whose word on the caller's address is taken (`TRUSTED_PROXIES`). */
  readonly trustedProxies: number
  /** Requests a minute of one caller (by token, else by address) before 429. */
  readonly ratePerMinute: number
}
