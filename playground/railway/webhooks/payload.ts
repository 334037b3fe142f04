import type { Deployment, ServiceInstance } from '../world/model.ts'
import type { World } from '../world/world.ts'

/** As they are seen. https://docs.railway.com/observability/webhooks */
export const webhookTypes = [
  ...(
    ['queued', 'waiting', 'needs_approval', 'building', 'deploying', 'deployed', 'redeployed', 'failed', 'crashed', 'oom_killed'] as const
  ).map((what) => `Deployment.${what}` as const),
  ...(['restarted', 'removed', 'slept', 'resumed'] as const).map((what) => `Deployment.${what}` as const),
  ...(['triggered', 'resolved', 'deleted'] as const).map((what) => `Monitor.${what}` as const),
  ...(['triggered', 'resolved'] as const).map((what) => `VolumeAlert.${what}` as const),
] as const
export type WebhookType = (typeof webhookTypes)[number]

export interface WebhookPayload {
  readonly type: string
  readonly details: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly severity: 'INFO' | 'WARNING' | 'CRITICAL'
  readonly timestamp: string
}

const bad = /failed|crashed|oom_killed|needs_approval|triggered/

/** What Railway tells of a deployment, or of what a service has: alerts have no deployment, and no details. */
export function payloadOf(world: World, type: WebhookType, instance: ServiceInstance, deployment?: Deployment): WebhookPayload {
  const { workspace } = world.tables
  const environment = world.environment(instance.environmentId)!
  const { id, name } = world.service(instance.serviceId)!
  const project = world.project(environment.projectId)!
  return {
    type,
    details: deployment ? detailsOf(deployment) : {},
    resource: {
      workspace: { id: workspace.id, name: workspace.name },
      project: { id: project.id, name: project.name },
      environment: { id: environment.id, name: environment.name, isEphemeral: false },
      service: { id, name },
      ...(deployment && { deployment: { id: deployment.id } }),
    },
    severity: bad.test(type) ? 'WARNING' : 'INFO',
    timestamp: world.now(),
  }
}

/** What `status` says there is not what the type says, as in Railway's own example. */
function detailsOf({ id, commit }: Deployment): Readonly<Record<string, unknown>> {
  const source = commit && {
    ...{ branch: 'main', commitHash: commit.sha, commitAuthor: commit.author, commitMessage: commit.message },
  }
  return { id, source: commit ? 'GitHub' : 'Image', status: 'SUCCESS', ...source }
}
