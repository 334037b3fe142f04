import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  noop,
  retry,
  wrap,
} from 'cockatiel'
import type { Clock } from '#src/kernel/clock.ts'
import { type PeerAnswer, PeerFailure } from './exchange.ts'
import type { PeerState } from './mesh.ts'

export interface LinkLimits {
  /** Failures one after the other that open the breaker. */
  readonly threshold: number
  /** How long an open breaker lets nothing through; then one call tries. */
  readonly coolDownMs: number
  /** Calls to one peer at a time, and how many more may wait. */
  readonly atOnce: number
  readonly waiting: number
  readonly retries: number
  /** Of the pause before the first retry; each further one is about twice as long, give or take (decorrelated jitter). */
  readonly firstPauseMs: number
}

export const linkDefaults = { threshold: 5, coolDownMs: 10_000, atOnce: 20, waiting: 40, retries: 2, firstPauseMs: 100 } as const

/** Why a peer is not even asked. */
export type NotAsked = 'breaker' | 'bulkhead'

/** What stands between this process and one peer: attempts are counted, held back, repeated where that is harmless, and given up. */
export interface PeerLink {
  /** Throws PeerFailure, NotAskedError, or what the attempt throws otherwise. `again`: the attempt may be repeated. */
  run(attempt: () => Promise<PeerAnswer>, again: boolean, signal: AbortSignal): Promise<PeerAnswer>
  state(): Pick<PeerState, 'state' | 'calls' | 'failures' | 'inFlight' | 'lastFailure'>
}

export class NotAskedError extends Error {
  override readonly name = 'NotAskedError'
  readonly why: NotAsked
  constructor(why: NotAsked) {
    super(why)
    this.why = why
  }
}

const states = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
} as const

/** Answers that asking once more may better: the connection, and what a proxy says about a service that restarts. */
const passing = new Set([502, 503, 504])

export function createPeerLink(limits: LinkLimits, clock: Clock, onChange: (state: PeerState['state']) => void): PeerLink {
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof PeerFailure),
    { breaker: new ConsecutiveBreaker(limits.threshold), halfOpenAfter: limits.coolDownMs },
  )
  breaker.onStateChange((state) => onChange(states[state]))
  // What waited in the bulkhead meets the breaker as it is by then.
  const guarded = wrap(bulkhead(limits.atOnce, limits.waiting), breaker)
  const repeated = retry(handleWhen(mayPass), {
    maxAttempts: limits.retries,
    backoff: new ExponentialBackoff({ initialDelay: limits.firstPauseMs }),
  })
  let calls = 0
  let failures = 0
  let inFlight = 0
  let lastFailure: PeerState['lastFailure']

  async function counted(attempt: () => Promise<PeerAnswer>): Promise<PeerAnswer> {
    calls += 1
    inFlight += 1
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof PeerFailure) {
        failures += 1
        lastFailure = { at: clock.now(), reason: error.answer ? `answered ${error.answer.status}` : error.why }
      }
      throw error
    } finally {
      inFlight -= 1
    }
  }

  return {
    async run(attempt, again, signal) {
      try {
        return await wrap(again ? repeated : noop, guarded).execute(() => counted(attempt), signal)
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw new NotAskedError('breaker')
        if (error instanceof BulkheadRejectedError) throw new NotAskedError('bulkhead')
        throw error
      }
    },
    state: () => ({ state: states[breaker.state], calls, failures, inFlight, lastFailure }),
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof PeerFailure)) return false
  if (error.answer) return passing.has(error.answer.status)
  return error.why === 'unreachable' || error.why === 'cut'
}
