import { graphql } from '../graphql.ts'

/** What a project used: in its billing period so far, in the last day by service, in the days before that, and what the period will come to. */
export const costQuery = graphql(`
  query ProjectCost(
    $projectId: String!
    $measurements: [MetricMeasurement!]!
    $before: DateTime!
    $dayAgo: DateTime!
    $now: DateTime!
  ) {
    usage(projectId: $projectId, measurements: $measurements) {
      measurement
      value
    }
    lastDay: usage(projectId: $projectId, measurements: $measurements, groupBy: [SERVICE_ID], startDate: $dayAgo, endDate: $now) {
      measurement
      value
      tags {
        serviceId
      }
    }
    daysBefore: usage(projectId: $projectId, measurements: $measurements, startDate: $before, endDate: $dayAgo) {
      measurement
      value
    }
    estimatedUsage(projectId: $projectId, measurements: $measurements) {
      measurement
      estimatedValue
    }
    project(id: $projectId) {
      createdAt
    }
  }
`)
