/** Everything of a deployment that a DeploymentState is made from. */
export const deploymentFields = /* GraphQL */ `
  fragment DeploymentFields on Deployment {
    id
    serviceId
    environmentId
    status
    createdAt
    deploymentStopped
    canRedeploy
    canRollback
    url
    staticUrl
    meta
    instances {
      id
      status
    }
  }
`

/** A log line with the replica it came from. */
export const logFields = /* GraphQL */ `
  fragment LogFields on Log {
    timestamp
    severity
    message
    tags {
      deploymentInstanceId
    }
  }
`
