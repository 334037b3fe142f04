import type { Role } from '#src/kernel/command.ts'
import type { Principal } from '#src/tokens/tokens.ts'
import type { RefusalStatus } from './docs/refusals.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked without a token: health, metrics, documentation, and what proves its sender otherwise (a signature, a first message). */
    readonly open?: boolean
    /** The least role; `viewer` where nothing is said. */
    readonly role?: Role
    /** Also for tokens that are bound to one agent: the route makes sure that it is about that one. Others get 403. */
    readonly agents?: boolean
    /** Requests a minute of one caller, in place of the service's limit; `false`: as many as come. */
    readonly ratePerMinute?: number | false
    /** What it may refuse with beside what follows from the rest (token, role, form, size, rate), for `/docs`. */
    readonly refuses?: readonly RefusalStatus[]
    /** It becomes a WebSocket (RFC 6455), for `/docs`. */
    readonly upgrades?: boolean
    /** Not in `/docs`: an alias of another route. */
    readonly undocumented?: boolean
  }

  interface FastifySchema {
    /** What the route does, in a few words, for `/docs`. */
    readonly summary?: string
    readonly description?: string
    /** Media types of the body where it is no JSON; one without a schema is documented as an upload. */
    readonly consumes?: readonly string[]
  }

  interface FastifyRequest {
    /** Who asks. Throws on an open route that was asked without a valid token: see `caller`. */
    readonly principal: Principal
    /** Who asks, where a valid token says so. */
    caller: Principal | undefined
  }
}
