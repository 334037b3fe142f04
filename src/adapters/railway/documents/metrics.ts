import { graphql } from '../graphql.ts'

export const metricsQuery = graphql(`
  query Metrics(
    $projectId: String!
    $environmentId: String!
    $serviceId: String
    $startDate: DateTime!
    $sampleRateSeconds: Int!
    $measurements: [MetricMeasurement!]!
  ) {
    metrics(
      projectId: $projectId
      environmentId: $environmentId
      serviceId: $serviceId
      groupBy: [SERVICE_ID]
      startDate: $startDate
      sampleRateSeconds: $sampleRateSeconds
      measurements: $measurements
    ) {
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
`)
