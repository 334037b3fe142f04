import type { DeploymentState, ServiceState } from '#src/adapters/railway/railway.ts'
import type { Condition, ServiceHealth } from '#src/health/health.ts'
import { countReplicas } from '#src/health/replicas.ts'
import type { OpenOperation } from '#src/operations/operations.ts'

/** How a service is by one reading and by what is being done to it. */
export interface Observed {
  readonly condition: Condition
  readonly reason: string
  /** Something of it runs. */
  readonly serves: boolean
  /** What is wrong is that its replicas are on their way back, and none of them crashed for good. */
  readonly restarting: boolean
  /** Railway gave it up, or it never came up: nothing of it starts again by itself. */
  readonly forGood: boolean
  /** Its rollout waits for people or for CI, which takes as long as it takes. */
  readonly waits: boolean
}

export const isIll = (condition: Condition): boolean => condition === 'down' || condition === 'degraded' || condition === 'unknown'

/**
 * While a change of ours or a rollout is under way, what is wrong is `deploying`: as long as something serves, or its time is not over.
 * https://docs.railway.com/reference/deployments#deployment-states
 */
export function observe(
  { service, condition, reason }: Pick<ServiceHealth, 'service' | 'condition' | 'reason'>,
  change: Pick<OpenOperation, 'kind' | 'since'> | undefined,
  now: Date,
  underWayMs: number,
): Observed {
  const { serving, latest } = service
  const counts = serving && countReplicas(serving)
  const serves = (counts?.running ?? 0) > 0
  const restarting = counts !== undefined && counts.crashed + counts.ended === 0 && counts.restarting + counts.starting > 0
  const forGood = condition === 'down' && isGivenUp(serving ?? latest)
  const seen: Observed = { condition, reason, serves, restarting, forGood, waits: latest !== undefined && isWaiting(latest) }
  if (!isIll(condition)) return seen
  const rollout = rolloutOf(service)
  const since = change?.since ?? rollout?.createdAt
  if (since === undefined || (!serves && now.getTime() - since.getTime() > underWayMs)) return seen
  return {
    ...seen,
    forGood: false,
    condition: 'deploying',
    reason: change ? `${reason.replace(/\.$/, '')}; a ${change.kind} is under way.` : reason,
  }
}

const moving = ['BUILDING', 'DEPLOYING', 'INITIALIZING', 'QUEUED']

/** A deployment that is on its way beside, or before, what serves. */
function rolloutOf({ serving, latest }: Pick<ServiceState, 'serving' | 'latest'>): DeploymentState | undefined {
  return latest && latest.id !== serving?.id && moving.includes(latest.status) ? latest : undefined
}

function isGivenUp(deployment: DeploymentState | undefined): boolean {
  return deployment?.status === 'CRASHED' || deployment?.status === 'FAILED'
}

function isWaiting({ status }: DeploymentState): boolean {
  return status === 'NEEDS_APPROVAL' || status === 'WAITING'
}
