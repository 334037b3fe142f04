import { graphql } from '../graphql.ts'
import { deploymentFields } from './fragments.ts'

/** Every service of an environment with its deployments, replicas, volumes and newest usage. `$first` page only: volumes aside, what does not page. */
export const environmentQuery = graphql(`
  query EnvironmentState(
    $projectId: String!
    $environmentId: String!
    $servicesAfter: String
    $volumesAfter: String
    $withUsage: Boolean!
    $since: DateTime!
    $sampleRateSeconds: Int!
    $measurements: [MetricMeasurement!]!
  ) {
    environment(id: $environmentId, projectId: $projectId) {
      id
      name
      unmergedChangesCount
      serviceInstances(first: 500, after: $servicesAfter) {
        edges {
          node {
            serviceId
            serviceName
            region
            numReplicas
            sleepApplication
            cronSchedule
            healthcheckPath
            source {
              repo
              image
            }
            domains {
              serviceDomains {
                domain
              }
              customDomains {
                domain
              }
            }
            latestDeployment {
              ...DeploymentFields
            }
            activeDeployments {
              ...DeploymentFields
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      volumeInstances(first: 500, after: $volumesAfter) {
        edges {
          node {
            serviceId
            state
            isPendingDeletion
            currentSizeMB
            sizeMB
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    metrics(
      projectId: $projectId
      environmentId: $environmentId
      groupBy: [SERVICE_ID]
      measurements: $measurements
      startDate: $since
      sampleRateSeconds: $sampleRateSeconds
    ) @include(if: $withUsage) {
      measurement
      tags {
        serviceId
      }
      values {
        ts
        value
      }
    }
  }
  ${deploymentFields}
`)
