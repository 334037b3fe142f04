import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'

/** A project token reaches one environment; an account token (or a workspace's) all that its owner reaches. https://docs.railway.com/integrations/api#tokens */
export interface RailwayToken {
  readonly kind: 'account' | 'project'
  readonly value: string
}

export interface RailwayTimeouts {
  /** One attempt of a read. */
  readonly readMs: number
  /** One attempt of a mutation. */
  readonly changeMs: number
  /** All attempts of a read with the waits between them: somebody may be waiting for the answer. */
  readonly overallReadMs: number
  /** All attempts of a mutation with the waits between them; what Retry-After asks for beyond it is left to the caller. */
  readonly overallMs: number
}

export interface RailwayOptions {
  /** `https://backboard.railway.com/graphql/v2`; subscriptions go to the same over WebSocket. */
  readonly url: string
  readonly token: RailwayToken
  /** Helix's own, for the User-Agent: Railway's edge refuses requests without one. */
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  readonly fetch?: typeof fetch
  readonly timeouts?: Partial<RailwayTimeouts>
  /** 0 up to 1, for the jitter of waits. */
  readonly random?: () => number
}

export const defaultTimeouts = {
  readMs: 15_000,
  changeMs: 30_000,
  overallReadMs: 12_000,
  overallMs: 45_000,
} as const satisfies RailwayTimeouts

/** Headers of every request, and of the upgrade to a WebSocket. The wrong one for a token reads as "Not Authorized" at Railway. */
export function headersOf(options: Pick<RailwayOptions, 'token' | 'version'>): Record<string, string> {
  const { kind, value } = options.token
  return {
    'user-agent': `Helix/${options.version}`,
    ...(kind === 'project' ? { 'project-access-token': value } : { authorization: `Bearer ${value}` }),
  }
}

/** Railway's edge allows only 10 requests a second to a URL without a query string, and bans for going over. */
export function urlFor(url: string, operationName: string): string {
  const address = new URL(url)
  address.searchParams.set('q', operationName)
  return address.href
}
