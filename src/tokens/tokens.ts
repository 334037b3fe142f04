import type { Role } from '#src/kernel/command.ts'

/** Who a request comes from, as its token says. */
export interface Principal {
  /** The claim `sub`: a client's own name, or the name of a service. */
  readonly subject: string
  readonly kind: 'user' | 'service'
  /** The highest of the token's roles; a user's token without any has the default role. */
  readonly role: Role
  readonly expiresAt: Date | undefined
  /** The claim `agent_id`: the token is this agent's own, good for its work at the agent-orchestrator and for nothing else. */
  readonly agent: string | undefined
}

/**
 * JSON Web Tokens (RFC 7519), HS256 and nothing else. Users' tokens are signed with `JWT_SECRET`; services sign a token of one minute for
 * each other with `SERVICE_MESH_SECRET`, for one audience.
 */
export interface Tokens {
  /** Throws InvalidToken where it is expired, not yet valid, signed by another, unsigned (`alg: none`), or meant for another service. */
  verify(token: string): Promise<Principal>
  /** A token with which this service speaks to another one. Throws ConfigError without SERVICE_MESH_SECRET. */
  forService(audience: string): Promise<string>
}

/** The message says why in a plain sentence and quotes nothing of the token. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken'
}
