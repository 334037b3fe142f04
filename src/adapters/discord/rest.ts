import { type RateLimitData, REST } from 'discord.js'

/** The longest wait for a rate limit inside this process. Whoever waits longer does so with the newest content (see delivery). */
export const longestWaitMs = 2_000

export const restDefaults = { retries: 1, timeoutMs: 10_000 } as const satisfies Required<RestOptions>

export interface RestOptions {
  /** How often a 5xx, a reset connection or a time-out is tried again at once. */
  readonly retries?: number
  readonly timeoutMs?: number
}

/** discord.js's REST client at `apiUrl` (without version, such as `https://discord.com/api`). Its requests can never hang on a rate limit. */
export function createRest(apiUrl: string, token: string | undefined, options: RestOptions = {}): REST {
  const { retries, timeoutMs } = { ...restDefaults, ...options }
  const rest = new REST({
    api: apiBase(apiUrl),
    retries,
    timeout: timeoutMs,
    rejectOnRateLimit: (limit) => Math.max(limit.retryAfter, limit.timeToReset) > longestWaitMs || isOfOldEdits(limit),
  })
  return token === undefined ? rest : rest.setToken(token)
}

/**
 * 30046, whose code discord.js does not tell: of the limits on editing a message this alone is one of some requests of its route. Waiting in line
 * would only use up what is left of it; the message is posted anew.
 */
export function isOfOldEdits({ method, route, sublimitTimeout }: Pick<RateLimitData, 'method' | 'route' | 'sublimitTimeout'>): boolean {
  return method === 'PATCH' && /^\/channels\/:id\/messages\/:id$/.test(route) && sublimitTimeout > 0
}

/** discord.js appends `/v10` as it is. */
export function apiBase(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, '')
}
