import { REST } from 'discord.js'

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
    rejectOnRateLimit: ({ retryAfter, timeToReset }) => Math.max(retryAfter, timeToReset) > longestWaitMs,
  })
  return token === undefined ? rest : rest.setToken(token)
}

/** discord.js appends `/v10` as it is. */
export function apiBase(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, '')
}
