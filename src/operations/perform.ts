import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Ledger } from './ledger.ts'
import type { Operation, Step, StepName, Steps, Verdict } from './operation.ts'
import { targetOf } from './plan.ts'
import { courseOf } from './plans/courses.ts'
import { failed, HandedOver, type Run, type StepRun, TakenOver, unknown } from './run.ts'
import { ask } from './steps/ask.ts'
import { check } from './steps/check.ts'
import { follow } from './steps/follow.ts'
import { verify } from './steps/verify.ts'

export interface PerformParts {
  readonly ledger: Ledger
  readonly railway: RailwayAccess
  readonly clock: Clock
  readonly log: Log
  readonly onSettled: (operation: Operation) => void
  /** Looks once more whether an operation may begin, and answers why not. Left out: all may. */
  readonly gate?: (operation: Operation) => Promise<string | undefined>
}

const stepRuns: Readonly<Record<StepName, StepRun>> = { check, ask, follow, verify }
/** So many attempts that all ended in a fault of our own are enough. */
const mostAttempts = 12

/** Takes an operation and brings it to its verdict, from wherever the worker before left it. */
export function createPerform({ ledger, railway, clock, log, onSettled, gate = async () => undefined }: PerformParts) {
  return async function perform(id: string, signal: AbortSignal): Promise<void> {
    const taken = await ledger.take(id)
    if (!taken) return
    const { operation, steps } = taken
    try {
      const run = createRun(operation, steps, signal, await railway(operation.place))
      onSettled(await ledger.finish(operation, await toVerdict(run)))
    } catch (error) {
      if (error instanceof TakenOver) return log.info({ operation: id, attempt: operation.attempt }, 'another worker has this operation')
      if (error instanceof HandedOver) throw error
      await despair(operation, error, signal)
    }
  }

  async function toVerdict(run: Run): Promise<Verdict> {
    for (const name of run.course.steps) {
      const verdict = await stepRuns[name](run)
      if (verdict) return verdict
    }
    throw new Error(`the steps of ${run.operation.change.kind} end without a verdict`)
  }

  /** A fault of our own, or the database is away: the job comes back, after a while. A place without a token does not get better. */
  async function despair(operation: Operation, error: unknown, signal: AbortSignal): Promise<void> {
    const isOurs = !(error instanceof UserError)
    if (isOurs) log.error({ err: error, operation: operation.id, attempt: operation.attempt }, 'an operation ran into a fault')
    if (isOurs && operation.attempt < mostAttempts) {
      await clock.sleep(Math.min(operation.attempt * 500, 5_000), signal)
      throw error
    }
    const why = isOurs ? 'Helix ran into a fault of its own again and again.' : error.message
    const { ask: asked } = await ledger.steps(operation.id)
    const verdict = asked
      ? unknown(`${why} How this ended is not known: an admin has to look in Railway and say.`)
      : failed(`${why} Nothing was changed.`)
    onSettled(await ledger.finish(operation, verdict))
  }

  function createRun(operation: Operation, from: Steps, signal: AbortSignal, client: Run['railway']): Run {
    let steps = from
    return {
      operation,
      course: courseOf(operation.change),
      target: targetOf(operation.change, operation.place),
      railway: client,
      clock,
      log,
      signal,
      refused: () => gate(operation),
      get steps() {
        return steps
      },
      async checkpoint(name, status, data) {
        const now = clock.now()
        const endedAt = status === 'done' || status === 'failed' ? now : undefined
        const step: Step = { status, data: { ...data }, startedAt: steps[name]?.startedAt ?? now, endedAt }
        await ledger.step(operation, steps, name, step)
        steps = { ...steps, [name]: step }
      },
      tell: () => ledger.tell(operation, steps),
      stillOurs: () => ledger.check(operation),
    }
  }
}
