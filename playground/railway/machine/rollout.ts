import type { Clock } from '#src/kernel/clock.ts'
import type { LogStore } from '../logs/log-store.ts'
import { isOver, isUnderWay } from '../world/deployment-facts.ts'
import type { Deployment } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { writeBuildLog, writeHealthLog } from './build-log.ts'
import type { Fleets } from './fleets.ts'
import { checkHealth } from './health-check.ts'
import type { Pacing } from './pacing.ts'
import { beginStep, setStatus } from './steps.ts'

export interface RolloutGiven {
  readonly world: World
  readonly fleets: Fleets
  readonly logs: LogStore
  readonly clock: Clock
  readonly pacing: Pacing
}

/** Railway's own default, in seconds. https://docs.railway.com/guides/healthchecks */
const defaultHealthcheckTimeout = 300

/**
 * INITIALIZING → BUILDING (not where the image is there) → DEPLOYING → health check → SUCCESS, and what served before → REMOVED;
 * or FAILED, and what served before goes on. Aborting leaves the status to whoever aborted.
 */
export async function rollOut(given: RolloutGiven, deployment: Deployment, signal: AbortSignal): Promise<void> {
  const { world, fleets } = given
  await build(given, deployment, signal)
  if (signal.aborted) return
  if (isSuperseded(world, deployment)) return setStatus(world, deployment, 'REMOVED')

  setStatus(world, deployment, 'DEPLOYING')
  const volume = world.instance(deployment.serviceId, deployment.environmentId)?.volume
  if (volume) await Promise.all(served(world, deployment).map((one) => retire(given, one))) // two containers cannot mount one volume

  const container = beginStep(world, deployment, 'CREATE_CONTAINER')
  const fleet = fleets.ensure(deployment)
  await fleet.scale(deployment.settings.regions, 0)
  container()
  const problem = await health(given, deployment, signal)
  if (signal.aborted) return
  if (problem === undefined && !isSuperseded(world, deployment)) return goLive(given, deployment)
  await fleet.stop(0, 'REMOVED')
  fleets.forget(deployment.id)
  setStatus(world, deployment, problem === undefined ? 'REMOVED' : 'FAILED')
}

async function build({ world, logs, clock, pacing }: RolloutGiven, deployment: Deployment, signal: AbortSignal): Promise<void> {
  const snapshot = beginStep(world, deployment, 'SNAPSHOT_CODE')
  await clock.sleep(pacing.initializeMs, signal)
  if (signal.aborted) return
  snapshot()
  if (deployment.skipBuild) return
  setStatus(world, deployment, 'BUILDING')
  const image = beginStep(world, deployment, 'BUILD_IMAGE')
  await writeBuildLog({ deployment, service: world.service(deployment.serviceId)!, logs, clock, durationMs: pacing.buildMs, signal })
  if (signal.aborted) return
  image()
  beginStep(world, deployment, 'PUBLISH_IMAGE')()
}

/** What went wrong; undefined where nothing did. */
async function health(given: RolloutGiven, deployment: Deployment, signal: AbortSignal): Promise<string | undefined> {
  const { world, clock, pacing, logs, fleets } = given
  const path = deployment.settings.healthcheckPath
  if (path === null || world.service(deployment.serviceId)?.simulated) return undefined
  const timeoutSeconds = deployment.settings.healthcheckTimeout ?? defaultHealthcheckTimeout
  const step = beginStep(world, deployment, 'HEALTHCHECK')
  const log = writeHealthLog({ deployment, logs, path, timeoutSeconds })
  const verdict = await checkHealth(fleets.ensure(deployment), {
    path,
    timeoutSeconds,
    intervalMs: pacing.healthIntervalMs,
    clock,
    signal,
    onAttempt: log.attempt,
  })
  if (signal.aborted) return undefined
  log.verdict(verdict.healthy)
  const error = verdict.healthy
    ? undefined
    : `Healthcheck failed: GET ${path} did not answer 200 within ${timeoutSeconds} s (${verdict.problem})`
  step({ attempt: verdict.attempts, ...(error ? { error, reason: 'HEALTHCHECK_FAILED' } : {}) })
  return error
}

async function goLive(given: RolloutGiven, deployment: Deployment): Promise<void> {
  const before = served(given.world, deployment)
  deployment.wentLive = true
  setStatus(given.world, deployment, 'SUCCESS')
  await Promise.all(before.map((one) => retire(given, one, deployment.settings.overlapSeconds ?? 0)))
}

/** REMOVING → REMOVED: SIGTERM to its processes, SIGKILL to those that drain too long. */
export async function retire({ world, fleets, clock }: RolloutGiven, deployment: Deployment, overlapSeconds = 0): Promise<void> {
  if (isOver(deployment) || deployment.status === 'REMOVING') return
  setStatus(world, deployment, 'REMOVING')
  await clock.sleep(overlapSeconds * 1_000)
  const drain = beginStep(world, deployment, 'DRAIN_INSTANCES')
  await fleets.of(deployment.id)?.stop(deployment.settings.drainingSeconds ?? 0, 'REMOVED')
  fleets.forget(deployment.id)
  drain()
  deployment.removedAt = world.now()
  setStatus(world, deployment, 'REMOVED')
}

function served(world: World, deployment: Deployment): Deployment[] {
  const others = world.deploymentsOf(deployment.serviceId, deployment.environmentId)
  return others.filter((one) => one !== deployment && !isUnderWay(one) && !isOver(one))
}

/** A newer deployment has gone live meanwhile. */
function isSuperseded(world: World, deployment: Deployment): boolean {
  const history = world.deploymentsOf(deployment.serviceId, deployment.environmentId)
  return history.slice(0, history.indexOf(deployment)).some((one) => one.wentLive && !isOver(one))
}
