import type { Platform } from './api/api.ts'
import { behaviours } from './behaviours.ts'
import { canRollback } from './world/deployment-facts.ts'
import type { Deployment, Service } from './world/model.ts'
import { domainOf } from './world/variables.ts'

const shown = 20

/** What people and tests may see of it: no tokens, no variables. */
export function stateOf(platform: Platform) {
  const { tables } = platform.world
  return {
    projects: tables.projects.map(({ id, name }) => ({ id, name })),
    environments: tables.environments.map(({ id, name, projectId }) => ({ id, name, projectId })),
    services: tables.services.map((service) => serviceState(platform, service)),
    processes: tables.services.flatMap((service) => processesOf(platform, service)),
  }
}

function serviceState(platform: Platform, service: Service) {
  const { world } = platform
  const instances = world.tables.instances.filter((one) => one.serviceId === service.id)
  const nameOf = (environmentId: string) => world.environment(environmentId)!.name
  const urls = instances.flatMap((one) => (one.port === null ? [] : [[nameOf(one.environmentId), `http://${domainOf(one)}`] as const]))
  const deployments = instances.flatMap((one) => world.deploymentsOf(one.serviceId, one.environmentId).slice(0, shown))
  return {
    id: service.id,
    name: service.name,
    projectId: service.projectId,
    simulated: service.simulated,
    environments: instances.map((one) => nameOf(one.environmentId)),
    urls: Object.fromEntries(urls),
    commits: service.commits.map(({ sha, message, behaviour }) => ({ sha, message, behaviour, describe: behaviours[behaviour].describe })),
    deployments: deployments.map((deployment) => deploymentState(platform, deployment, nameOf(deployment.environmentId))),
    processes: processesOf(platform, service),
  }
}

function deploymentState({ world, fleets, clock }: Platform, deployment: Deployment, environment: string) {
  const { id, status, environmentId, createdAt, commit, creator, reason } = deployment
  const instances = (fleets.of(id)?.replicas ?? []).map((one) => ({
    id: one.id,
    status: one.status,
    region: one.region,
    pid: one.pid,
    port: one.port,
  }))
  return {
    id,
    status,
    environment,
    environmentId,
    createdAt,
    stopped: fleets.hasStopped(deployment),
    commit: commit?.sha ?? null,
    message: commit?.message ?? null,
    creator: creator.name,
    reason,
    canRollback: canRollback(deployment, world.tables.workspace.plan, clock.now()),
    instances,
  }
}

function processesOf({ world, fleets, usage }: Platform, service: Service) {
  const running = [...fleets.all()].flatMap(([id, fleet]) =>
    fleet.replicas.map((replica) => ({ deployment: world.deployment(id)!, replica })),
  )
  return running.flatMap(({ deployment, replica }) => {
    if (deployment.serviceId !== service.id || replica.pid === undefined) return []
    const sample = usage.latest(replica.id)
    const { pid, port, status } = replica
    const environment = world.environment(deployment.environmentId)!.name
    return [
      {
        pid,
        service: service.name,
        environment,
        deployment: deployment.id,
        status,
        port,
        cpu: sample?.cpu,
        memoryBytes: sample?.memoryBytes,
      },
    ]
  })
}
