import { graphql } from '../graphql.ts'

export const deployMutation = graphql(`
  mutation Deploy($serviceId: String!, $environmentId: String!, $commitSha: String) {
    serviceInstanceDeployV2(serviceId: $serviceId, environmentId: $environmentId, commitSha: $commitSha)
  }
`)

export const deployLatestMutation = graphql(`
  mutation DeployLatest($serviceId: String!, $environmentId: String!) {
    serviceInstanceDeploy(serviceId: $serviceId, environmentId: $environmentId, latestCommit: true)
  }
`)

export const redeployMutation = graphql(`
  mutation Redeploy($id: String!) {
    deploymentRedeploy(id: $id, usePreviousImageTag: true) {
      id
    }
  }
`)

export const restartMutation = graphql(`
  mutation Restart($id: String!) {
    deploymentRestart(id: $id)
  }
`)

export const rollbackMutation = graphql(`
  mutation Rollback($id: String!) {
    deploymentRollback(id: $id)
  }
`)

export const cancelMutation = graphql(`
  mutation Cancel($id: String!) {
    deploymentCancel(id: $id)
  }
`)

export const patchMutation = graphql(`
  mutation PatchEnvironment($environmentId: String!, $patch: EnvironmentConfig!, $commitMessage: String) {
    environmentPatchCommit(environmentId: $environmentId, patch: $patch, commitMessage: $commitMessage)
  }
`)
