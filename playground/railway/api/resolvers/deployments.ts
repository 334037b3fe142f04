import { canRedeploy, canRollback, metaOf } from '../../world/deployment-facts.ts'
import type { Deployment } from '../../world/model.ts'
import { domainOf } from '../../world/variables.ts'
import type { Resolvers, Subscribers } from '../api.ts'
import { stream } from '../changes.ts'
import { connection, type PageArguments } from '../connection.ts'

interface ListInput {
  readonly projectId?: string | null
  readonly environmentId?: string | null
  readonly serviceId?: string | null
  readonly status?: { readonly in?: readonly string[] | null; readonly notIn?: readonly string[] | null } | null
}

/** Deployments: their history, and each one's state. */
export const deployments = {
  Query: {
    deployment: (_: unknown, { id }: { id: string }, { access }) => access.deployment(id),
    deployments(_: unknown, { input, ...page }: PageArguments & { input: ListInput }, { access, world }) {
      if (input.environmentId) access.environment(input.environmentId)
      else if (input.projectId) access.project(input.projectId)
      else access.wide()
      const { environmentId, projectId, serviceId, status } = input
      const wanted = (one: Deployment) =>
        access.reaches(one.environmentId) &&
        (!environmentId || one.environmentId === environmentId) &&
        (!projectId || one.projectId === projectId) &&
        (!serviceId || one.serviceId === serviceId) &&
        (!status?.in || status.in.includes(one.status)) &&
        !status?.notIn?.includes(one.status)
      return connection(world.tables.deployments.filter(wanted).sort(newestFirst), page)
    },
    deploymentEvents: (_: unknown, { id, ...page }: PageArguments & { id: string }, { access }) =>
      connection(access.deployment(id).events, page),
  },
  Deployment: {
    updatedAt: (deployment: Deployment) => deployment.statusUpdatedAt,
    deploymentStopped: (deployment: Deployment, _: unknown, { fleets }) => fleets.hasStopped(deployment),
    canRedeploy: (deployment: Deployment) => canRedeploy(deployment),
    canRollback: (deployment: Deployment, _: unknown, { world, clock }) =>
      canRollback(deployment, world.tables.workspace.plan, clock.now()),
    meta: (deployment: Deployment, _: unknown, { world }) => metaOf(deployment, world.service(deployment.serviceId)!),
    instances: (deployment: Deployment, _: unknown, { fleets }) =>
      (fleets.of(deployment.id)?.replicas ?? []).map(({ id, status }) => ({ id, status })),
    url: (deployment: Deployment, _: unknown, { world }) => domain(deployment, world),
    staticUrl: (deployment: Deployment, _: unknown, { world }) => domain(deployment, world),
  },
} satisfies Resolvers

export const deploymentStreams = {
  /** The present state at once, then each change, until the deployment is over. */
  deployment: ({ id }: { id: string }, { access, world }) => {
    const deployment = access.deployment(id)
    return stream<Deployment>((send, end) => {
      const onChange = (changed: Deployment) => {
        if (changed.id !== id) return
        send(changed)
        if (ends.has(changed.status)) end()
      }
      world.news.on('deployment', onChange)
      onChange(deployment)
      return () => world.news.off('deployment', onChange)
    })
  },
  deploymentEvents: ({ id }: { id: string }, { access, world }) => {
    const deployment = access.deployment(id)
    return stream((send) => {
      const onStep = (changed: Deployment, event: Deployment['events'][number]) => void (changed.id === id && send(event))
      for (const event of deployment.events) send(event)
      world.news.on('step', onStep)
      return () => world.news.off('step', onStep)
    })
  },
} satisfies Subscribers

const ends: ReadonlySet<string> = new Set(['FAILED', 'REMOVED', 'SKIPPED'])

function newestFirst(one: Deployment, other: Deployment): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt)
}

function domain(
  deployment: Deployment,
  world: { instance(serviceId: string, environmentId: string): Parameters<typeof domainOf>[0] | undefined },
) {
  const instance = world.instance(deployment.serviceId, deployment.environmentId)
  const address = instance && domainOf(instance)
  // The real edge speaks TLS and Railway leaves the scheme out; this one speaks plain HTTP, and says so.
  return address === undefined ? null : `http://${address}`
}
