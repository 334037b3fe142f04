import type { DeploymentState } from '#src/adapters/railway/railway.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { stateWords, version } from '#src/kernel/say.ts'
import type { Asked, Intent, Verdict } from '../operation.ts'
import { serviceOf } from '../plan.ts'
import { sameVersion } from '../plans/common.ts'
import type { Prepared } from '../plans/prepared.ts'
import { pause, type Run, unknown } from '../run.ts'

/** After an unclear answer Railway is left this long to settle, counted from then on; looked at so often; at the least so many times. */
const settleMs = 10_000
const stepMs = 1_000
const leastLooks = 3
/** Where Railway cannot be read at all, a person is asked after this long. */
const patienceMs = 20 * 60_000

type Found = Pick<Asked, 'deployment' | 'how'>

/**
 * What came of the mutation, found by reading alone. After a clear yes (`agreed`) the new deployment is the only one that fits in two
 * looks; after an unclear answer the only one that fits when Railway had its time to settle. Anything else is a person's to decide.
 */
export async function findOutcome(run: Run, intent: Intent, answer: 'agreed' | 'unclear', why?: string): Promise<Found | Verdict> {
  const begun = run.clock.now().getTime()
  let looks = 0
  let before: readonly DeploymentState[] = []
  for (;;) {
    const fitting = await look(run, intent)
    const elapsed = run.clock.now().getTime() - begun
    if (fitting) {
      looks += 1
      const [only] = fitting
      const isSingle = only !== undefined && fitting.length === 1
      // What is there to see of a restart passes; of a new deployment there may still come a second one.
      if (isSingle && run.course.outcome !== 'deployment') return { deployment: only.id, how: 'adopted' }
      if (answer === 'agreed' && isSingle && before.length === 1 && before[0]!.id === only.id) return { deployment: only.id, how: 'found' }
      if (looks >= leastLooks && elapsed >= settleMs) {
        return isSingle ? { deployment: only.id, how: answer === 'agreed' ? 'found' : 'adopted' } : undecided(run, fitting, why)
      }
      before = fitting
    }
    if (elapsed >= patienceMs) return undecided(run, [], 'Railway could not be read for 20 minutes.')
    await pause(run, stepMs)
  }
}

/** The deployments that the mutation may have led to; undefined where Railway cannot be read now. */
async function look(run: Run, intent: Intent): Promise<readonly DeploymentState[] | undefined> {
  try {
    return await evidence[run.course.outcome](run, intent)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    run.log.info({ operation: run.operation.id, reason: error.message }, 'the outcome cannot be read yet')
    return undefined
  }
}

const evidence: { readonly [Outcome in Run['course']['outcome']]: (run: Run, intent: Intent) => Promise<readonly DeploymentState[]> } = {
  async deployment(run, { deployments }) {
    const newest = await run.railway.deployments({ ...run.target, projectId: run.operation.place.project, first: 10 })
    const { expect = {} } = prepared(run)
    return newest.filter(
      ({ id, commit, image }) =>
        !deployments.includes(id) &&
        (expect.commit === undefined || sameVersion(expect.commit, commit)) &&
        (expect.commit !== undefined || expect.image === undefined || expect.image === image),
    )
  },
  async instances(run, { instances }) {
    const now = await run.railway.deployment(prepared(run).deployment!)
    const isSame = fingerprints(now).join() === instances.join()
    return now && !isSame ? [now] : []
  },
  async replicas(run) {
    const state = await run.railway.environment(run.operation.place.project, run.operation.place.environment)
    const { regions, serving, latest } = serviceOf(state, run.operation.change)
    const wanted = prepared(run).regions ?? {}
    const isSet = Object.entries(wanted).every(([region, replicas]) => (regions[region] ?? 0) === replicas)
    const shown = serving ?? latest
    return isSet && shown ? [shown] : []
  },
}

/** What changes when the processes of a deployment are begun anew. */
export function fingerprints(deployment: DeploymentState | undefined): readonly string[] {
  return (deployment?.instances ?? []).map(({ id, status }) => `${id} ${status}`).sort()
}

function prepared(run: Run): Prepared {
  return run.steps.check!.data as unknown as Prepared
}

function undecided(
  run: Run,
  fitting: readonly DeploymentState[],
  why = 'The worker that asked Railway was lost before it had the answer.',
): Verdict {
  const { change, environment } = run.operation
  const seen =
    fitting.length === 0
      ? 'Nothing in Railway shows that it happened'
      : `${fitting.length} new deployments appeared, and any of them may be this one`
  return unknown(
    `Helix does not know whether ${change.service.name} in ${environment.name} was changed. ${why} ${seen}. Helix does not ask Railway a second time by itself: an admin has to look in Railway and say how it ended. Until then ${change.service.name} stays locked.`,
    { facts: fitting.map((each) => ({ label: `New deployment ${each.id}`, value: `${version(each)}, ${stateWords(each.status)}` })) },
  )
}
