import type { DeploymentFields } from '#src/adapters/railway/deployment-state.ts'

/** A deployment as Railway would answer it. */
export function aDeployment(changes: Partial<DeploymentFields> = {}): DeploymentFields {
  return {
    id: 'deployment-1',
    serviceId: 'service-1',
    environmentId: 'environment-1',
    status: 'SUCCESS',
    createdAt: '2026-11-20T10:00:00.000Z',
    deploymentStopped: false,
    canRedeploy: true,
    canRollback: false,
    url: 'api.up.railway.app',
    staticUrl: null,
    meta: {
      commitHash: '3f2a91c0',
      commitMessage: 'Add a door',
      serviceManifest: { deploy: { multiRegionConfig: { 'europe-west4-drams3a': { numReplicas: 2 } } } },
    },
    instances: [{ id: 'replica-1', status: 'RUNNING' }],
    ...changes,
  }
}
