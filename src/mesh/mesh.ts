import type { z } from 'zod'
import type { Peer } from '#src/kernel/peers.ts'

export interface PeerRequest {
  readonly peer: Peer
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/api/agents`: what stands for a name in it is encoded (`encodeURIComponent`), and a query is not part of it. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  /** May be sent again after an ambiguous outcome. Left out: true for all but POST. */
  readonly idempotent?: boolean
  /** For all of the call: waiting for its turn, attempts, and the pauses between them. SERVICE_MESH_TIMEOUT unless told. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface PeerState {
  readonly peer: Peer
  /** `unconfigured`: neither its variable nor a private name tells where it is. `open`: the circuit breaker lets nothing through; it stays so until the first call after its pause, which is let through to try. */
  readonly state: 'unconfigured' | 'closed' | 'open' | 'half-open'
  readonly url: string | undefined
  /** How its address was found. */
  readonly from: 'variable' | 'private network' | undefined
  /** Attempts since the start, and those that the peer failed: no connection, no answer in time, half of one, 5xx. 4xx is no failure. */
  readonly calls: number
  readonly failures: number
  readonly inFlight: number
  readonly lastFailure: { readonly at: Date; readonly reason: string } | undefined
}

/** Calls between services: found by variables or Railway's private names, with a service token, a time limit, retries, a circuit breaker and a bulkhead for each. */
export interface Mesh {
  /**
   * Asks a peer and parses its answer. Throws UpstreamError (provider: the peer; `fault.status` where it answered) when it refuses, does
   * not answer, is not configured, or its breaker is open; the peer's own `detail` is the message where it is a sentence. Throws the
   * signal's reason where the caller gave up.
   */
  call<Answer>(request: PeerRequest, answer: z.ZodType<Answer>): Promise<Answer>
  /** Where a peer is, for what is no HTTP call (a WebSocket). Undefined where it is not configured. */
  url(peer: Peer): URL | undefined
  states(): readonly PeerState[]
}
