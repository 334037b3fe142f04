import { graphql } from '../graphql.ts'

/** Names and what they refer to, of all services of an environment at once; never a value. */
export const variableNamesQuery = graphql(`
  query VariableNames($projectId: String!, $environmentId: String!, $after: String) {
    environment(id: $environmentId, projectId: $projectId) {
      variables(first: 500, after: $after) {
        edges {
          node {
            name
            serviceId
            isSealed
            references
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
