import type { Clock } from '#src/kernel/clock.ts'
import type { RefusalName } from '../refusals.ts'
import { Refused } from '../refusals.ts'
import { buckets } from './buckets.ts'
import type { Bucket, Route } from './route.ts'

export type Headers = Readonly<Record<string, string>>

export interface RateLimits {
  /** Counts a request against the global limit (50/s) and its bucket; gives the headers of the answer. Refuses 429 with all of them. */
  take(route: Route, major: string): Headers
  /** Counts against a limit within a bucket, which headers do not announce. */
  sublimit(bucket: Bucket, major: string, refusal?: RefusalName): void
}

interface Window {
  readonly endsAt: number
  used: number
}

const globalLimit: Bucket = { name: 'global', hash: '', limit: 50, windowMs: 1000 }

/** https://docs.discord.com/developers/topics/rate-limits */
export function createRateLimits(wire: Clock): RateLimits {
  const windows = new Map<string, Window>()
  const now = () => wire.now().getTime()

  const windowOf = ({ name, windowMs }: Bucket, major: string) => {
    const key = `${name} ${major}`
    const standing = windows.get(key)
    if (standing && standing.endsAt > now()) return standing
    if (windows.size > 5000) for (const [old, { endsAt }] of windows) if (endsAt <= now()) windows.delete(old)
    const fresh = { endsAt: now() + windowMs, used: 0 }
    windows.set(key, fresh)
    return fresh
  }
  const refuse = (window: Window, headers: Headers, refusal: RefusalName, global: boolean) => {
    const retryAfter = Math.max(0.001, (window.endsAt - now()) / 1000)
    const scope = { 'x-ratelimit-scope': global ? 'global' : 'user', ...(global ? { 'x-ratelimit-global': 'true' } : {}) }
    return new Refused(refusal, { retryAfter, global, headers: { ...headers, ...scope } })
  }

  return {
    take: ({ authorization, bucket }, major) => {
      if (authorization === 'account') {
        const all = windowOf(globalLimit, '')
        if (++all.used > globalLimit.limit) throw refuse(all, {}, 'globallyLimited', true)
      }
      if (!bucket) return {}
      const window = windowOf(bucket, major)
      window.used++
      const headers = headersOf(bucket, window, now())
      if (window.used > bucket.limit) throw refuse(window, headers, 'rateLimited', false)
      if (bucket === buckets.webhook) {
        const wide = windowOf(buckets.webhookWide, major)
        if (++wide.used > buckets.webhookWide.limit) throw refuse(wide, headers, 'rateLimited', false)
      }
      return headers
    },
    sublimit: (bucket, major, refusal = 'rateLimited') => {
      const window = windowOf(bucket, major)
      if (++window.used > bucket.limit) throw refuse(window, {}, refusal, false)
    },
  }
}

function headersOf({ hash, limit }: Bucket, { endsAt, used }: Window, now: number): Headers {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used)),
    'x-ratelimit-reset': (endsAt / 1000).toFixed(3),
    'x-ratelimit-reset-after': (Math.max(0, endsAt - now) / 1000).toFixed(3),
    'x-ratelimit-bucket': hash,
  }
}
