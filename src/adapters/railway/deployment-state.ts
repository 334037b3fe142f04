import type { ResultOf } from 'gql.tada'
import type { deploymentQuery } from './documents/deployments.ts'
import { readMeta } from './meta.ts'
import type { DeploymentState, DeploymentStatus } from './railway.ts'

export type DeploymentFields = ResultOf<typeof deploymentQuery>['deployment']

/** A deployment as Railway tells it, in Helix's terms. */
export function deploymentState(fields: DeploymentFields): DeploymentState {
  const { commit, message, author, image, regions } = readMeta(fields.meta)
  return {
    id: fields.id,
    serviceId: fields.serviceId ?? '',
    environmentId: fields.environmentId,
    status: fields.status,
    createdAt: new Date(fields.createdAt),
    commit,
    message,
    ...(author !== undefined && { author }),
    image,
    canRollback: fields.canRollback,
    canRedeploy: fields.canRedeploy,
    stopped: fields.deploymentStopped,
    url: fields.url ?? fields.staticUrl ?? undefined,
    instances: fields.instances.map(({ id, status }) => ({ id, status })),
    regions,
  }
}

const over = new Set<DeploymentStatus>(['SUCCESS', 'FAILED', 'CRASHED', 'REMOVED', 'SKIPPED', 'SLEEPING'])

/** True once the rollout has its verdict: it is live, or it never will be. */
export function isOver(state: DeploymentState): boolean {
  return over.has(state.status)
}

/** Equal for two readings between which nothing happened that people would see. */
export function fingerprint(state: DeploymentState): string {
  return JSON.stringify([state.status, state.stopped, state.instances])
}
