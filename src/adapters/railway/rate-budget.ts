import type { Clock } from '#src/kernel/clock.ts'
import type { RateBudget } from './railway.ts'

/** What is left of the token's requests, as Railway's answers say. https://docs.railway.com/integrations/api#rate-limits */
export interface BudgetMeter {
  /** Reads the X-RateLimit headers of an answer; leaves the last reading where it has none. */
  note(headers: Headers): void
  current(): RateBudget | undefined
  /** After a 429: how long everybody should still wait, in milliseconds. */
  hold(ms: number): void
  heldMs(): number
  /** A polling step of at least `stepMs`, longer where the requests left would not last until the limit is reset. */
  pace(stepMs: number): number
}

const longestStepMs = 60_000
/** Share of the limit that polling leaves to people. */
const reserve = 0.2

export function createBudgetMeter(clock: Clock): BudgetMeter {
  let budget: RateBudget | undefined
  let heldUntil = 0
  const now = () => clock.now().getTime()
  return {
    note: (headers) => {
      const limit = number(headers.get('x-ratelimit-limit'))
      const remaining = number(headers.get('x-ratelimit-remaining'))
      if (limit === undefined || remaining === undefined) return
      budget = { limit, remaining, resetsAt: resetTime(headers.get('x-ratelimit-reset'), clock.now()) }
    },
    current: () => budget,
    hold: (ms) => {
      heldUntil = Math.max(heldUntil, now() + ms)
    },
    heldMs: () => Math.max(0, heldUntil - now()),
    pace: (stepMs) => {
      const untilReset = budget ? budget.resetsAt.getTime() - now() : 0
      if (!budget || untilReset <= 0) return stepMs
      const spare = budget.remaining - budget.limit * reserve
      if (spare <= 0) return longestStepMs
      return Math.min(longestStepMs, Math.max(stepMs, untilReset / spare))
    },
  }
}

/** Retry-After in seconds or as a date, in milliseconds; undefined where the header is missing or unreadable. */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const value = headers.get('retry-after')
  if (!value) return undefined
  const ms = /^[\d.]+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now.getTime()
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : undefined
}

/** Railway documents no unit: a date, seconds or milliseconds since 1970, or seconds from now are told apart by their size. */
function resetTime(value: string | null, now: Date): Date {
  const parsed = number(value)
  if (parsed === undefined) {
    const date = Date.parse(value ?? '')
    return Number.isNaN(date) ? new Date(now.getTime() + 3_600_000) : new Date(date)
  }
  if (parsed > 1e11) return new Date(parsed)
  return new Date(parsed > 1e9 ? parsed * 1000 : now.getTime() + parsed * 1000)
}

function number(value: string | null): number | undefined {
  if (value === null || value.trim() === '') return undefined
  const parsed = Number(value)
  return Number.isFinite(parsed) ? parsed : undefined
}
