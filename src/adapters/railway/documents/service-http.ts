import { graphql } from '../graphql.ts'

/** What the edge counted of one service. `http-figures.ts` asks it for many services in one request. Without `stepSeconds`: of the whole window. */
export const serviceHttpQuery = graphql(`
  query ServiceHttp($serviceId: String!, $environmentId: String!, $httpSince: DateTime!, $httpUntil: DateTime!) {
    byStatus: httpMetricsGroupedByStatus(
      serviceId: $serviceId
      environmentId: $environmentId
      startDate: $httpSince
      endDate: $httpUntil
    ) {
      statusCode
      samples {
        value
      }
    }
    durations: httpDurationMetrics(
      serviceId: $serviceId
      environmentId: $environmentId
      startDate: $httpSince
      endDate: $httpUntil
    ) {
      samples {
        p50
        p95
      }
    }
  }
`)
