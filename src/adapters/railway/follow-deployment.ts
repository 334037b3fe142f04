import { UpstreamError } from '#src/kernel/errors.ts'
import { type DeploymentFields, deploymentState, fingerprint, isOver } from './deployment-state.ts'
import { deploymentQuery, deploymentSubscription } from './documents/deployments.ts'
import { createPauses, type Follower, unlessPassing } from './follow.ts'
import type { DeploymentState } from './railway.ts'
import type { Request } from './request.ts'

/** A new deployment may not be visible at once. */
const looksForANewOne = 5
/** A stream is not believed for ever: after this long the deployment is read again, and streamed anew. */
const streamMs = 45_000

/** See Railway.followDeployment: look, stream until the stream ends, pause, look again. A dead stream thus turns into polling. */
export async function* followDeployment(follower: Follower, id: string, signal: AbortSignal): AsyncGenerator<DeploymentState> {
  const pauses = createPauses(follower)
  let shown = ''
  let missing = 0
  const news = (state: DeploymentState) => {
    const print = fingerprint(state)
    const isNew = print !== shown
    shown = print
    if (isNew) pauses.reset()
    return isNew
  }
  while (!signal.aborted) {
    const state = await unlessPassing(follower.log, () => readDeployment(follower.request, id).then((found) => found ?? 'missing'))
    if (state === 'missing') {
      missing += 1
      if (missing === looksForANewOne || shown !== '') return
    } else if (state) {
      if (news(state)) yield state
      if (isOver(state)) return
      for await (const streamed of streamOf(follower, id, signal)) {
        if (news(streamed)) yield streamed
        if (isOver(streamed)) return
      }
    }
    await pauses.next(signal)
  }
}

/** Undefined where Railway knows no deployment of this id. Throws UpstreamError. */
export async function readDeployment(request: Request, id: string): Promise<DeploymentState | undefined> {
  try {
    return deploymentState((await request(deploymentQuery, { id })).deployment)
  } catch (error) {
    if (error instanceof UpstreamError && error.fault.outcome === 'refused' && /not found/i.test(error.message)) return undefined
    throw error
  }
}

async function* streamOf(follower: Follower, id: string, signal: AbortSignal): AsyncGenerator<DeploymentState> {
  const round = new AbortController()
  void follower.clock.sleep(streamMs, round.signal).then(() => round.abort())
  try {
    const events = follower.subscribe(deploymentSubscription, { id }, AbortSignal.any([signal, round.signal]))
    for await (const { deployment } of events) yield deploymentState(deployment satisfies DeploymentFields)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    follower.log.info({ deployment: id, reason: error.message }, 'Following a deployment by polling')
  } finally {
    round.abort()
  }
}
