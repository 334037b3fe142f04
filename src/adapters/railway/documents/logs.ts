import { graphql } from '../graphql.ts'
import { logFields } from './fragments.ts'

export const deployLogsQuery = graphql(`
  query DeployLogs($deploymentId: String!, $limit: Int, $filter: String, $startDate: DateTime) {
    deploymentLogs(deploymentId: $deploymentId, limit: $limit, filter: $filter, startDate: $startDate) {
      ...LogFields
    }
  }
  ${logFields}
`)

export const buildLogsQuery = graphql(`
  query BuildLogs($deploymentId: String!, $limit: Int, $filter: String, $startDate: DateTime) {
    buildLogs(deploymentId: $deploymentId, limit: $limit, filter: $filter, startDate: $startDate) {
      ...LogFields
    }
  }
  ${logFields}
`)

export const deployLogsSubscription = graphql(`
  subscription DeployLogStream($deploymentId: String!, $filter: String) {
    deploymentLogs(deploymentId: $deploymentId, filter: $filter, limit: 500) {
      ...LogFields
    }
  }
  ${logFields}
`)
