import type { Clock } from '#src/kernel/clock.ts'

export interface LimitSettings {
  readonly perHour: number
  readonly perSecond: number
  /** Requests a second without a query string, before Cloudflare bans. */
  readonly plainPerSecond: number
  /** How long that ban lasts; up to a day in reality. */
  readonly banMs: number
}

/** Railway's Hobby plan. https://docs.railway.com/integrations/api#rate-limits */
export const hobbyLimits = { perHour: 1_000, perSecond: 10, plainPerSecond: 10, banMs: 60_000 } as const satisfies LimitSettings

export type Verdict =
  | { readonly kind: 'pass'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'limited'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'banned'; readonly retryAfterSeconds: number }

export interface RateLimits {
  /** Counts a request of this token (or address). */
  take(caller: string, hasQueryString: boolean): Verdict
  budget(caller: string): { readonly limit: number; readonly remaining: number; readonly resetsAt: Date }
}

interface Window {
  readonly endsAt: number
  used: number
}

export function createRateLimits(settings: LimitSettings, clock: Clock): RateLimits {
  const windows = new Map<string, Window>()
  const bans = new Map<string, number>()
  const now = () => clock.now().getTime()

  function windowOf(key: string, lengthMs: number): Window {
    const there = windows.get(key)
    if (there && there.endsAt > now()) return there
    const fresh = { endsAt: now() + lengthMs, used: 0 }
    windows.set(key, fresh)
    return fresh
  }

  const hour = (caller: string) => windowOf(`hour ${caller}`, 3_600_000)

  /** How long the ban goes on; undefined where there is none. */
  function cloudflare(caller: string): number | undefined {
    const plain = windowOf(`plain ${caller}`, 1_000)
    if (++plain.used > settings.plainPerSecond) bans.set(caller, now() + settings.banMs)
    const until = bans.get(caller) ?? 0
    return until > now() ? Math.ceil((until - now()) / 1_000) : undefined
  }

  function headers(window: Window, more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      'x-ratelimit-limit': String(settings.perHour),
      'x-ratelimit-remaining': String(Math.max(0, settings.perHour - window.used)),
      'x-ratelimit-reset': String(Math.ceil(window.endsAt / 1_000)),
      ...more,
    }
  }

  return {
    take(caller, hasQueryString) {
      const retryAfterSeconds = hasQueryString ? undefined : cloudflare(caller)
      if (retryAfterSeconds !== undefined) return { kind: 'banned', retryAfterSeconds }
      const second = windowOf(`second ${caller}`, 1_000)
      const full = [hour(caller), second].find((window, index) => window.used >= (index === 0 ? settings.perHour : settings.perSecond))
      if (full) {
        const seconds = Math.max(1, Math.ceil((full.endsAt - now()) / 1_000))
        return { kind: 'limited', headers: headers(hour(caller), { 'retry-after': String(seconds) }) }
      }
      hour(caller).used++
      second.used++
      return { kind: 'pass', headers: headers(hour(caller)) }
    },
    budget(caller) {
      const window = hour(caller)
      return { limit: settings.perHour, remaining: Math.max(0, settings.perHour - window.used), resetsAt: new Date(window.endsAt) }
    },
  }
}
