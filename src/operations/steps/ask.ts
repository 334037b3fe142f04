import { UpstreamError } from '#src/kernel/errors.ts'
import type { Asked, Intent, Verdict } from '../operation.ts'
import type { Prepared } from '../plans/prepared.ts'
import { failed, type Run, type StepRun } from '../run.ts'
import { findOutcome, fingerprints } from './find-outcome.ts'

/** More than a later look reads, so that nothing old can seem new. */
const knownDeployments = 30
/** After this long without asking (a stopped process), the fence is looked at again before the mutation, in ms. */
const freshMs = 1_000

/**
 * The mutation, made at most once. Its intent is committed before: whoever finds an intent without a result knows that it may have
 * happened, and looks instead of asking again.
 */
export const ask: StepRun = async (run) => {
  const { ask: step, check } = run.steps
  if (step?.status === 'done') return undefined
  const prepared = check!.data as unknown as Prepared
  if (step) return conclude(run, step.data as unknown as Intent, 'unclear')
  const intent = await intentOf(run, prepared)
  if ('status' in intent) return intent
  const decided = run.clock.now().getTime()
  await run.checkpoint('ask', 'intended', intent)
  await stillFresh(run, decided)
  let deployment: string | undefined
  try {
    deployment = await run.course.mutate(run.railway, run.target, prepared)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    if (error.fault.outcome === 'refused') return refused(run, error)
    run.log.warn({ operation: run.operation.id, reason: error.message }, 'a change has an unclear outcome')
    await run.checkpoint('ask', 'intended', { ...intent, unclear: true })
    return conclude(run, intent, 'unclear', error.message)
  }
  if (run.course.outcome === 'deployment' && deployment === undefined) return conclude(run, intent, 'agreed')
  await run.checkpoint('ask', 'done', { ...intent, ...(deployment !== undefined && { deployment }), how: 'answered' } satisfies Asked)
  return undefined
}

/** What is there just before. */
async function intentOf(run: Run, { deployment }: Prepared): Promise<Intent | Verdict> {
  try {
    const { outcome } = run.course
    const [all, one] = await Promise.all([
      outcome === 'deployment'
        ? run.railway.deployments({ ...run.target, projectId: run.operation.place.project, first: knownDeployments })
        : [],
      outcome === 'instances' ? run.railway.deployment(deployment!) : undefined,
    ])
    return { deployments: all.map(({ id }) => id), instances: fingerprints(one) }
  } catch (error) {
    if (error instanceof UpstreamError) return failed(`${error.message} ${run.operation.change.service.name} was left as it was.`)
    throw error
  }
}

/** A process that was stopped between commit and mutation must not make it when it wakes. Throws TakenOver. */
async function stillFresh(run: Run, decided: number): Promise<void> {
  if (run.clock.now().getTime() - decided > freshMs) await run.stillOurs()
}

function refused(run: Run, error: UpstreamError): Verdict {
  const { traceId } = error.fault
  return failed(`${error.message} ${run.operation.change.service.name} was left as it was.`, {
    facts: traceId === undefined ? [] : [{ label: 'Trace', value: traceId }],
  })
}

async function conclude(run: Run, intent: Intent, answer: 'agreed' | 'unclear', why?: string): Promise<Verdict | undefined> {
  const found = await findOutcome(run, intent, answer, why)
  if ('status' in found) return found
  await run.checkpoint('ask', 'done', { ...intent, ...found } satisfies Asked)
  return undefined
}
