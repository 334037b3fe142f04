import type { ResultOf, TadaDocumentNode } from 'gql.tada'
import {
  cancelMutation,
  deployLatestMutation,
  deployMutation,
  patchMutation,
  redeployMutation,
  restartMutation,
  rollbackMutation,
} from './documents/changes.ts'
import { declined } from './faults.ts'
import type { Railway } from './railway.ts'
import { askedBy, type Request } from './request.ts'

type Changes = Pick<Railway, 'deploy' | 'deployLatest' | 'redeploy' | 'restart' | 'rollback' | 'cancel' | 'setReplicas'>

/** The mutations. See Railway. */
export function createChanges(request: Request): Changes {
  return {
    deploy: async ({ serviceId, environmentId, commit }) =>
      (await request(deployMutation, { serviceId, environmentId, commitSha: commit ?? null })).serviceInstanceDeployV2,
    deployLatest: async ({ serviceId, environmentId }) =>
      agreed(deployLatestMutation, await request(deployLatestMutation, { serviceId, environmentId })),
    redeploy: async (id) => (await request(redeployMutation, { id })).deploymentRedeploy.id,
    restart: async (id) => agreed(restartMutation, await request(restartMutation, { id })),
    rollback: async (id) => agreed(rollbackMutation, await request(rollbackMutation, { id })),
    cancel: async (id) => agreed(cancelMutation, await request(cancelMutation, { id })),
    setReplicas: async ({ serviceId, environmentId, regions, message }) => {
      const multiRegionConfig = Object.fromEntries(
        Object.entries(regions).map(([region, numReplicas]) => [region, numReplicas === null ? null : { numReplicas }]),
      )
      const patch = { services: { [serviceId]: { deploy: { multiRegionConfig } } } }
      await request(patchMutation, { environmentId, patch, commitMessage: message })
    },
  }
}

type BooleanChange = typeof restartMutation | typeof deployLatestMutation | typeof rollbackMutation | typeof cancelMutation

/** Railway answers these with true; false means that nothing was changed. Throws UpstreamError then. */
function agreed<Document extends BooleanChange>(document: Document, answer: ResultOf<Document>): void {
  if (Object.values(answer).every((value) => value === true)) return
  throw declined(askedBy(document as TadaDocumentNode<unknown, never>))
}
