import { graphql } from '../graphql.ts'

/** What the edge counted of one service, step by step. */
export const httpHistoryQuery = graphql(`
  query HttpHistory($serviceId: String!, $environmentId: String!, $since: DateTime!, $until: DateTime!, $stepSeconds: Int!) {
    byStatus: httpMetricsGroupedByStatus(
      serviceId: $serviceId
      environmentId: $environmentId
      startDate: $since
      endDate: $until
      stepSeconds: $stepSeconds
    ) {
      samples {
        ts
        value
      }
    }
    durations: httpDurationMetrics(
      serviceId: $serviceId
      environmentId: $environmentId
      startDate: $since
      endDate: $until
      stepSeconds: $stepSeconds
    ) {
      samples {
        ts
        p95
      }
    }
  }
`)
