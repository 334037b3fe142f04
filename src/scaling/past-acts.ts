import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { type PastDecision, wasDone } from '#src/policies/decision.ts'
import type { Policy } from '#src/policies/policy.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** How long after a first, second, third… refusal in a row it is tried again. */
const PAUSES_MS = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR]

/** What a policy did, as far as it matters for what it may do next. */
export interface PastActs {
  /** When the newest act was; undefined where there was none. */
  readonly last: Date | undefined
  readonly inLastHour: number
  /** The newest tries in a row that Helix refused, or whose operation failed. */
  readonly failed: { readonly times: number; readonly until: Date; readonly why: string } | undefined
}

/** Of what is only simulated the same counts, where the policy simulates. */
export function pastActs(past: readonly PastDecision[], { mode, at: set }: Pick<Policy, 'mode' | 'at'>, now: Date): PastActs {
  const acts = past.filter((each) => each.act && (each.mode === 'simulate' ? mode === 'simulate' : wasDone(each)))
  const tried = past.filter((each) => each.act && each.mode === 'act' && each.at >= set && each.answer)
  const [newest] = tried
  const ended = tried.findIndex((each) => !hasFailed(each))
  const inRow = (ended < 0 ? tried : tried.slice(0, ended)).filter(({ answer }) => !answer?.forNow).length
  return {
    last: acts[0]?.at,
    inLastHour: acts.filter(({ at }) => now.getTime() - at.getTime() < HOUR).length,
    failed: newest && hasFailed(newest) ? failure(newest, newest.answer?.forNow ? 1 : inRow) : undefined,
  }
}

function failure({ at, answer, outcome }: PastDecision, times: number): PastActs['failed'] {
  const why = answer?.status === 'started' ? `the operation ${outcome}.` : (answer?.sentence ?? '')
  return { times, why, until: new Date(at.getTime() + PAUSES_MS[Math.min(times, PAUSES_MS.length) - 1]!) }
}

function hasFailed({ answer, outcome }: PastDecision): boolean {
  return answer?.status === 'started' ? outcome === 'failed' || outcome === 'cancelled' : answer?.status !== 'done'
}

/** `in 40 s`. */
export function inTime(at: Date, now: Date): string {
  return `in ${sayDuration(Math.max(1_000, Math.ceil((at.getTime() - now.getTime()) / 1_000) * 1_000))}`
}
