import { graphql } from '../graphql.ts'
import { deploymentFields } from './fragments.ts'

export const deploymentsQuery = graphql(`
  query Deployments($input: DeploymentListInput!, $first: Int!) {
    deployments(input: $input, first: $first) {
      edges {
        node {
          ...DeploymentFields
        }
      }
    }
  }
  ${deploymentFields}
`)

export const deploymentQuery = graphql(`
  query Deployment($id: String!) {
    deployment(id: $id) {
      ...DeploymentFields
    }
  }
  ${deploymentFields}
`)

export const deploymentEventsQuery = graphql(`
  query DeploymentEvents($id: String!) {
    deploymentEvents(id: $id, first: 50) {
      edges {
        node {
          step
          payload {
            attempt
            maxAttempts
            error
            reason
          }
        }
      }
    }
  }
`)

export const deploymentSubscription = graphql(`
  subscription DeploymentStream($id: String!) {
    deployment(id: $id) {
      ...DeploymentFields
    }
  }
  ${deploymentFields}
`)
