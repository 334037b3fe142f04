import { canCancel, canRedeploy, canRollback, isOver, isUnderWay } from '../../world/deployment-facts.ts'
import type { Commit, Deployment, ServiceInstance } from '../../world/model.ts'
import type { Asking, Resolvers } from '../api.ts'
import { refusal } from '../graphql-errors.ts'

interface DeployTarget {
  readonly serviceId: string
  readonly environmentId: string
  readonly commitSha?: string | null
  readonly latestCommit?: boolean | null
}

/** Everything that makes, stops or restarts a deployment. */
export const deploys = {
  Mutation: {
    /** The asked commit, or the current one again with changed settings. */
    serviceInstanceDeployV2: (_: unknown, target: DeployTarget, asking) => deploy(asking, target, currentCommit).id,
    serviceInstanceDeploy(_: unknown, target: DeployTarget, asking) {
      deploy(asking, target, target.latestCommit ? newestCommit : currentCommit)
      return true
    },
    /** The live deployment's image, whatever the source is by now. */
    serviceInstanceRedeploy(_: unknown, { serviceId, environmentId }: DeployTarget, asking) {
      const instance = asking.access.instance(serviceId, environmentId)
      const live = asking.world.live(serviceId, environmentId)
      if (!live) throw refusal('Deployment not found')
      again(asking, instance, live, 'redeploy', true)
      return true
    },
    deploymentRedeploy(_: unknown, args: { id: string; usePreviousImageTag?: boolean | null }, asking) {
      const deployment = asking.access.deployment(args.id)
      if (!canRedeploy(deployment)) throw refusal('Deployment cannot be redeployed')
      const hasImage = deployment.wentLive && (!isOver(deployment) || rollbackable(asking, deployment))
      return again(asking, instanceOf(asking, deployment), deployment, 'redeploy', Boolean(args.usePreviousImageTag) && hasImage)
    },
    /** Image and variables of that deployment, as a new one. */
    deploymentRollback(_: unknown, { id }: { id: string }, asking) {
      const deployment = asking.access.deployment(id)
      if (!rollbackable(asking, deployment)) throw refusal('Deployment cannot be rolled back to')
      const { commit, variables } = deployment
      const creator = asking.access.person()
      asking.deployer.deploy({ instance: instanceOf(asking, deployment), creator, commit, reason: 'rollback', skipBuild: true, variables })
      return true
    },
    deploymentRestart(_: unknown, { id }: { id: string }, asking) {
      const deployment = asking.access.deployment(id)
      if (isUnderWay(deployment) || isOver(deployment) || deployment.status === 'REMOVING') throw refusal('Deployment cannot be restarted')
      asking.deployer.restart(deployment)
      return true
    },
    deploymentCancel(_: unknown, { id }: { id: string }, asking) {
      const deployment = asking.access.deployment(id)
      if (!canCancel(deployment)) throw refusal('Deployment cannot be cancelled')
      asking.deployer.cancel(deployment)
      return true
    },
    deploymentStop(_: unknown, { id }: { id: string }, asking) {
      const deployment = asking.access.deployment(id)
      if (deployment.status !== 'SUCCESS') throw refusal('Deployment cannot be stopped')
      asking.deployer.stop(deployment)
      return true
    },
    deploymentRemove(_: unknown, { id }: { id: string }, asking) {
      const deployment = asking.access.deployment(id)
      if (isOver(deployment)) throw refusal('Deployment cannot be removed')
      asking.deployer.remove(deployment)
      return true
    },
  },
} satisfies Resolvers

function deploy(asking: Asking, target: DeployTarget, otherwise: typeof newestCommit): Deployment {
  const instance = asking.access.instance(target.serviceId, target.environmentId)
  const service = asking.world.service(instance.serviceId)!
  const asked = target.commitSha ? service.commits.find((one) => one.sha === target.commitSha) : undefined
  if (target.commitSha && !asked) throw refusal(`Commit ${target.commitSha} was not found in ${service.repo ?? service.name}`)
  const commit = asked ?? otherwise(asking, instance) ?? newestCommit(asking, instance)
  return asking.deployer.deploy({ instance, creator: asking.access.person(), commit, reason: 'deploy', skipBuild: service.repo === null })
}

/** Of the branch. */
function newestCommit({ world }: Asking, instance: ServiceInstance): Commit | null {
  return world.service(instance.serviceId)?.commits[0] ?? null
}

/** What serves; what was tried last where nothing does. */
function currentCommit(asking: Asking, { serviceId, environmentId }: ServiceInstance): Commit | null {
  const [latest] = asking.world.deploymentsOf(serviceId, environmentId)
  return (asking.world.live(serviceId, environmentId) ?? latest)?.commit ?? null
}

function again(
  asking: Asking,
  instance: ServiceInstance,
  { commit }: Deployment,
  reason: Deployment['reason'],
  skipBuild: boolean,
): Deployment {
  return asking.deployer.deploy({ instance, creator: asking.access.person(), commit, reason, skipBuild })
}

function instanceOf({ access }: Asking, deployment: Deployment): ServiceInstance {
  return access.instance(deployment.serviceId, deployment.environmentId)
}

function rollbackable({ world, clock }: Asking, deployment: Deployment): boolean {
  return canRollback(deployment, world.tables.workspace.plan, clock.now())
}
