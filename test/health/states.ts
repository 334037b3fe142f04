import type { DeploymentState, DeploymentStatus, ServiceState } from '#src/adapters/railway/railway.ts'

/** A deployment with replicas in these states. */
export function deploymentWith(
  status: DeploymentStatus,
  replicas: readonly string[],
  changes: Partial<DeploymentState> = {},
): DeploymentState {
  return {
    id: 'deployment-1',
    serviceId: 'service-1',
    environmentId: 'environment-1',
    status,
    createdAt: new Date('2026-11-20T10:00:00Z'),
    commit: undefined,
    message: undefined,
    image: undefined,
    canRollback: false,
    canRedeploy: true,
    stopped: false,
    url: undefined,
    instances: replicas.map((state, n) => ({ id: `replica-${n}`, status: state })),
    regions: {},
    ...changes,
  }
}

/** A service that serves with this deployment. */
export function serviceWith(serving: DeploymentState | undefined, changes: Partial<ServiceState> = {}): ServiceState {
  return {
    id: 'service-1',
    name: 'api',
    source: { repo: undefined, image: undefined },
    replicas: 1,
    regions: {},
    hasVolume: false,
    disk: undefined,
    sleepApplication: false,
    cron: undefined,
    healthcheckPath: undefined,
    domains: [],
    latest: serving,
    serving,
    usage: {},
    http: undefined,
    ...changes,
  }
}
