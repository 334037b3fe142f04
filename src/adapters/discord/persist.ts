import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'

/** Sends what did not reach Discord again, until it did or there is no sense in it any more. */
export type Persist = <Answer>(how: Persisting, send: () => Promise<Answer>) => Promise<Answer>

export interface Persisting {
  /** No try begins later. */
  readonly until: Date
  /** How many tries may end without an answer; left out, any number. For what would stand twice, had it arrived. */
  readonly unanswered?: number
}

export interface PersistParts {
  readonly clock: Clock
  /** The process ends: nothing is waited for any more. */
  readonly stopped: AbortSignal
}

/** Waits double from the first to the longest, or are as long as Discord says. So many are waited with at once: each holds its message. */
export const persistence = { firstWaitMs: 1_000, longestWaitMs: 30_000, atOnce: 100 } as const

export function createPersist({ clock, stopped }: PersistParts): Persist {
  let waiting = 0
  return async ({ until, unanswered = Number.POSITIVE_INFINITY }, send) => {
    for (let tries = 1, open = unanswered; ; tries += 1) {
      try {
        return await send()
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        const { outcome, retryable, retryAfterMs = 0 } = error.fault
        if (outcome === 'ambiguous') open -= 1
        const isWorthIt = outcome === 'ambiguous' ? open > 0 : retryable
        const waitMs = Math.max(Math.min(persistence.firstWaitMs * 2 ** (tries - 1), persistence.longestWaitMs), retryAfterMs)
        const isTooLate = clock.now().getTime() + waitMs >= until.getTime()
        if (!isWorthIt || isTooLate || stopped.aborted || waiting >= persistence.atOnce) throw error
        waiting += 1
        try {
          await clock.sleep(waitMs, stopped)
        } finally {
          waiting -= 1
        }
        if (stopped.aborted) throw error
      }
    }
  }
}
