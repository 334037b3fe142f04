import { graphql } from '../graphql.ts'
import { logFields } from './fragments.ts'

export const deployLogsQuery = graphql(`
  query DeployLogs($deploymentId: String!, $limit: Int, $filter: String, $startDate: DateTime, $endDate: DateTime) {
    deploymentLogs(deploymentId: $deploymentId, limit: $limit, filter: $filter, startDate: $startDate, endDate: $endDate) {
      ...LogFields
    }
  }
  ${logFields}
`)

export const buildLogsQuery = graphql(`
  query BuildLogs($deploymentId: String!, $limit: Int, $filter: String, $startDate: DateTime, $endDate: DateTime) {
    buildLogs(deploymentId: $deploymentId, limit: $limit, filter: $filter, startDate: $startDate, endDate: $endDate) {
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

/** Of all services of an environment; Railway leaves out what was written while building. */
export const environmentLogsQuery = graphql(`
  query EnvironmentLogs($environmentId: String!, $filter: String, $beforeDate: String, $anchorDate: String, $beforeLimit: Int) {
    environmentLogs(
      environmentId: $environmentId
      filter: $filter
      beforeDate: $beforeDate
      anchorDate: $anchorDate
      beforeLimit: $beforeLimit
    ) {
      ...LogFields
      tags {
        serviceId
      }
    }
  }
  ${logFields}
`)
