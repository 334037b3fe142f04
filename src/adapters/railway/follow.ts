import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { BudgetMeter } from './rate-budget.ts'
import type { Request } from './request.ts'
import type { Subscribe } from './subscribe.ts'

/** What following needs. */
export interface Follower {
  readonly request: Request
  readonly subscribe: Subscribe
  readonly budget: BudgetMeter
  readonly clock: Clock
  readonly log: Log
}

const firstStepMs = 2000
const longestStepMs = 15_000

/** Pauses between two looks: 2 s at first, longer while nothing happens, longer still where the rate budget runs low. */
export interface Pauses {
  next(signal: AbortSignal): Promise<void>
  /** Something happened: look again soon. */
  reset(): void
}

export function createPauses({ budget, clock }: Follower): Pauses {
  let stepMs = firstStepMs
  return {
    next: async (signal) => {
      await clock.sleep(budget.pace(stepMs), signal)
      stepMs = Math.min(longestStepMs, stepMs * 1.5)
    },
    reset: () => {
      stepMs = firstStepMs
    },
  }
}

/** While following, what may pass is waited out; undefined then. Anything else is thrown. */
export async function unlessPassing<Value>(log: Log, look: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof UpstreamError) || !error.fault.retryable) throw error
    log.warn({ operation: error.fault.operation, reason: error.message }, 'Railway could not be followed for a moment')
    return undefined
  }
}
