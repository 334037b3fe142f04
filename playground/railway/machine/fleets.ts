import type { Clock } from '#src/kernel/clock.ts'
import { preloadVariables } from '../behaviours.ts'
import { readLine } from '../logs/log-line.ts'
import type { LogStore } from '../logs/log-store.ts'
import type { Deployment } from '../world/model.ts'
import { renderVariables } from '../world/variables.ts'
import type { World } from '../world/world.ts'
import { createFleet, type Fleet } from './fleet.ts'
import type { Pacing } from './pacing.ts'
import { createProcessReplica } from './process-replica.ts'
import type { Replica } from './replica.ts'
import { createSimulatedReplica } from './simulated-replica.ts'
import type { Slots } from './slots.ts'

export interface FleetsGiven {
  readonly world: World
  readonly logs: LogStore
  readonly clock: Clock
  readonly pacing: Pacing
  readonly slots: Slots
  /** The repository that services are deployed from. */
  readonly root: string
  /** What every process gets from this machine, beside its variables. */
  readonly machine: Readonly<Record<string, string>>
  command(serviceName: string): { readonly file: string; readonly args: readonly string[] }
}

/** What runs, by deployment. */
export interface Fleets {
  of(deploymentId: string): Fleet | undefined
  /** The deployment's fleet, made (without replicas yet) at the first call. */
  ensure(deployment: Deployment): Fleet
  forget(deploymentId: string): void
  /** Nothing of it runs: by request, or because all its processes ended by themselves. */
  hasStopped(deployment: Deployment): boolean
  all(): Iterable<readonly [deploymentId: string, fleet: Fleet]>
}

export function createFleets(given: FleetsGiven): Fleets {
  const fleets = new Map<string, Fleet>()
  return {
    of: (deploymentId) => fleets.get(deploymentId),
    ensure(deployment) {
      const fleet = fleets.get(deployment.id) ?? createFleet(replicaMaker(given, deployment))
      fleets.set(deployment.id, fleet)
      return fleet
    },
    forget: (deploymentId) => fleets.delete(deploymentId),
    hasStopped: ({ id, stopped }) => stopped || fleets.get(id)?.over() === 'completed',
    all: () => fleets.entries(),
  }
}

/** Variables are filled in once: a process that is started again gets what its deployment was made with. */
function replicaMaker(given: FleetsGiven, deployment: Deployment): (id: string, region: string) => Replica {
  const { world, logs, clock, pacing, slots, root, machine } = given
  const service = world.service(deployment.serviceId)!
  const instance = world.instance(deployment.serviceId, deployment.environmentId)!
  const variables = renderVariables(world, instance, deployment.variables)

  return (id, region) => {
    const onStatus = () => world.changed(deployment)
    if (service.simulated) return createSimulatedReplica({ id, region, onStatus })
    return createProcessReplica({
      id,
      region,
      settings: deployment.settings,
      command: given.command(service.name),
      cwd: root,
      environment: (isBroken) => ({
        ...machine,
        ...variables,
        ...deploymentVariables(deployment, id, region),
        ...preloadEnvironment(deployment, pacing, isBroken),
      }),
      slots,
      pacing,
      clock,
      onLine: (line, from) => logs.add(deployment, 'deploy', readLine(line, from), id),
      onStatus,
    })
  }
}

function deploymentVariables(deployment: Deployment, replicaId: string, region: string): Record<string, string> {
  const { commit } = deployment
  return {
    RAILWAY_DEPLOYMENT_ID: deployment.id,
    RAILWAY_REPLICA_ID: replicaId,
    RAILWAY_REPLICA_REGION: region,
    ...(commit ? { RAILWAY_GIT_COMMIT_SHA: commit.sha, RAILWAY_GIT_COMMIT_MESSAGE: commit.message, RAILWAY_GIT_BRANCH: 'main' } : {}),
  }
}

function preloadEnvironment({ commit, settings, wentLive }: Deployment, { goodForMs }: Pacing, isBroken: boolean): Record<string, string> {
  const { healthcheckPath } = settings
  return {
    [preloadVariables.behaviour]: commit?.behaviour ?? 'good',
    [preloadVariables.healthcheckPath]: healthcheckPath ?? '',
    [preloadVariables.goodForMs]: String(goodForMs),
    [preloadVariables.isChecked]: healthcheckPath !== null && !wentLive ? '1' : '',
    [preloadVariables.isBroken]: isBroken ? '1' : '',
  }
}
