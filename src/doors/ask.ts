import type { CallAnswer } from '#src/automation/call-wire.ts'
import type { PastCalls } from '#src/automation/past-calls.ts'
import { Unconfirmed } from '#src/guards/grant-guard.ts'
import { Denied } from '#src/guards/permission-guard.ts'
import { actorKey, type Call } from '#src/kernel/call.ts'
import type { Dispatch } from '#src/kernel/dispatch.ts'
import { Held, SeenBefore, UpstreamError, UserError } from '#src/kernel/errors.ts'
import { failureReport } from '#src/kernel/failure-report.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'

/** The call is being worked on by whoever was given it first. */
export const underWay = 'under way'

export interface AskParts {
  readonly dispatch: Dispatch
  readonly past: PastCalls
  readonly log: Log
}

/**
 * A call that no person makes, on the same path as everybody's, and what came of it: in words, whatever it is. The same key again answers the
 * same, and does nothing. Throws UpstreamError where a provider kept it from being begun: the same key may be used again.
 */
export type Ask = (call: Call) => Promise<CallAnswer | typeof underWay>

export function createAsk({ dispatch, past, log }: AskParts): Ask {
  async function failed(error: unknown, call: Call): Promise<CallAnswer> {
    if (error instanceof UpstreamError && error.fault.retryable) {
      await past.release(call)
      throw error
    }
    const { sentence } = failureReport(error, log)
    if (error instanceof Denied) return { status: 'denied', sentence }
    if (error instanceof Unconfirmed) return { status: 'needs-confirmation', sentence }
    if (error instanceof Held) return { status: 'refused', sentence, forNow: true }
    return { status: error instanceof UserError ? 'refused' : 'failed', sentence }
  }

  return async (call) => {
    try {
      return answerOf(await dispatch(call, { roles: [actorKey(call.actor)], administrator: false }))
    } catch (error) {
      if (error instanceof SeenBefore) return (await past.answerTo(call.key)) ?? underWay
      return failed(error, call)
    }
  }
}

function answerOf({ sentence, operation }: Report): CallAnswer {
  return operation === undefined ? { status: 'done', sentence } : { status: 'started', sentence, operation }
}
