import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { sign } from '../webhook/signature.ts'
import type { Handled } from '../work/lane.ts'

export interface DeliverDeps {
  /** As people call it, for messages. */
  readonly hook: string
  readonly url: URL
  readonly secret: string
  readonly clock: Clock
  readonly timeoutMs?: number
}

const RETRYABLE = new Set([408, 409, 421, 425, 429])

/**
 * Sends one body, JSON, to a hook: signed over timestamp and body, with the id under which the receiver may drop a second one. Redirects are not
 * followed. Throws UpstreamError where it should be tried again, not before the `Retry-After` that the hook asks for.
 */
export function createDeliver({ hook, url, secret, clock, timeoutMs = 10_000 }: DeliverDeps) {
  return async (id: string, body: string): Promise<Handled> => {
    const timestamp = String(Math.floor(clock.now().getTime() / 1_000))
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Helix',
      'x-helix-event-id': id,
      'x-zapier-timestamp': timestamp,
      'x-zapier-signature': sign(secret, timestamp, body),
    }
    const response = await ask(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }, hook)
    // What it says is nobody's business; the connection is given back.
    await response.body?.cancel()
    const { status } = response
    if (response.ok) return { state: 'done', outcome: { sentence: `${hook} took it (${status}).` } }
    if (status >= 500 || RETRYABLE.has(status)) throw fault(hook, `answered ${status}`, { status, ...askedPause(response.headers, clock) })
    return { state: 'refused', outcome: { sentence: `${hook} refused it (${status}).` } }
  }
}

async function ask(url: URL, request: RequestInit, hook: string): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (cause) {
    const late = cause instanceof Error && cause.name === 'TimeoutError'
    throw fault(hook, late ? 'did not answer in time' : 'cannot be reached', {}, cause)
  }
}

function fault(hook: string, what: string, more: { status?: number; retryAfterMs?: number }, cause?: unknown): UpstreamError {
  const outcome = more.status === undefined ? 'ambiguous' : 'refused'
  return new UpstreamError(`${hook} ${what}.`, { provider: hook, operation: 'webhook', retryable: true, outcome, ...more }, { cause })
}

/** `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
function askedPause(headers: Headers, clock: Clock): { readonly retryAfterMs?: number } {
  const asked = headers.get('retry-after')
  if (asked === null) return {}
  const ms = /^\d{1,9}$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - clock.now().getTime()
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {}
}
