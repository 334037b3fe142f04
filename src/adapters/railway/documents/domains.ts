import { graphql } from '../graphql.ts'

/** The domains of all services of an environment, and what Railway knows of their certificates. */
export const domainsQuery = graphql(`
  query EnvironmentDomains($projectId: String!, $environmentId: String!, $after: String) {
    environment(id: $environmentId, projectId: $projectId) {
      serviceInstances(first: 500, after: $after) {
        edges {
          node {
            serviceId
            serviceName
            domains {
              serviceDomains {
                domain
              }
              customDomains {
                domain
                status {
                  certificateStatus
                  certificateErrorMessage
                  certificates {
                    expiresAt
                  }
                }
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)
