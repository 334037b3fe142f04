import type { RateBudget } from '#src/adapters/railway/railway.ts'

/** How often an environment is looked at. */
export interface Cadence {
  readonly everyMs: number
  /** Less often than is set, so that Railway's requests last. */
  readonly slowed: boolean
}

/** Share of the limit that the cycle leaves to people and operations. */
const reserve = 0.2
const longestMs = 600_000
/** Less is no slowing that anybody needs to know of. */
const worthTelling = 1.5

/** The interval that is set, or a longer one where the requests left would not last until they are reset. `environments`: who share them. */
export function cadenceOf(setMs: number, environments: number, budget: RateBudget | undefined, now: Date): Cadence {
  const untilReset = budget ? budget.resetsAt.getTime() - now.getTime() : 0
  if (!budget || untilReset <= 0) return { everyMs: setMs, slowed: false }
  const spare = budget.remaining - budget.limit * reserve
  const needed = spare > 0 ? (untilReset / spare) * environments : untilReset
  const everyMs = Math.max(setMs, Math.min(longestMs, needed))
  return { everyMs, slowed: everyMs > setMs * worthTelling }
}
