import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '#src/kernel/clock.ts'
import { Refusal } from './refusal.ts'

interface Window {
  readonly endsAt: number
  count: number
}

export interface RateLimit {
  readonly perMinute: number
  readonly clock: Clock
  /** Callers that are counted at once; beyond it those that came first are forgotten. */
  readonly mostCallers?: number
}

const WINDOW_MS = 60_000

/**
 * So many requests a minute of one caller, by the token's subject, else by the address; then 429 with `Retry-After`. Services are not
 * counted (each is bounded where it calls: src/mesh), nor are `/health…` and `/metrics`, whose routes say so.
 */
export function rateLimit(app: FastifyInstance, { perMinute, clock, mostCallers = 10_000 }: RateLimit): void {
  const windows = new Map<string, Window>()

  function windowOf(key: string, now: number): Window {
    const known = windows.get(key)
    if (known && known.endsAt > now) return known
    windows.delete(key) // So that the order is that of the windows' ends.
    const [oldest] = windows.keys()
    if (oldest !== undefined && windows.size >= mostCallers) windows.delete(oldest)
    const window = { endsAt: now + WINDOW_MS, count: 0 }
    windows.set(key, window)
    return window
  }

  app.addHook('onRequest', async (request, reply) => {
    const { ratePerMinute = perMinute } = request.routeOptions.config
    if (ratePerMinute === false || request.caller?.kind === 'service') return
    const own = ratePerMinute === perMinute ? '' : ` ${request.method} ${request.routeOptions.url}`
    const now = clock.now().getTime()
    const window = windowOf(callerOf(request) + own, now)
    window.count += 1
    const seconds = Math.ceil((window.endsAt - now) / 1_000)
    reply.headers({
      'x-ratelimit-limit': ratePerMinute,
      'x-ratelimit-remaining': Math.max(0, ratePerMinute - window.count),
      'x-ratelimit-reset': seconds,
    })
    if (window.count <= ratePerMinute) return
    throw new Refusal(429, `Too many requests: ${ratePerMinute} a minute are allowed. Try again in ${seconds} s.`, {
      'retry-after': `${seconds}`,
    })
  })
}

function callerOf({ caller, ip }: FastifyRequest): string {
  return caller ? `sub ${caller.subject}` : `ip ${ip}`
}
