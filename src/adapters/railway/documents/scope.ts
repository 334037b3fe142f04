import { graphql } from '../graphql.ts'

export const projectTokenQuery = graphql(`
  query ProjectTokenScope {
    projectToken {
      project {
        id
        name
      }
      environment {
        id
        name
      }
    }
  }
`)

export const apiTokenQuery = graphql(`
  query ApiTokenScope {
    apiToken {
      workspaces {
        id
        name
      }
    }
  }
`)

export const projectWorkspaceQuery = graphql(`
  query ProjectWorkspace($id: String!) {
    project(id: $id) {
      workspaceId
    }
  }
`)

export const workspacePlanQuery = graphql(`
  query WorkspacePlan($id: String!) {
    workspace(workspaceId: $id) {
      plan
    }
  }
`)

export const projectQuery = graphql(`
  query Project($id: String!) {
    project(id: $id) {
      id
      name
      environments(first: 500) {
        edges {
          node {
            id
            name
            canAccess
          }
        }
      }
    }
  }
`)
