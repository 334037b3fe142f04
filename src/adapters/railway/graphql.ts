import { initGraphQLTada } from 'gql.tada'
import type { introspection } from './introspection.d.ts'

/** Reads a document and types its variables and its answer by Railway's schema. https://docs.railway.com/integrations/api */
export const graphql = initGraphQLTada<{
  introspection: introspection
  disableMasking: true
  scalars: {
    /** RFC 3339. */
    DateTime: string
    JSON: unknown
    /** Untyped at Railway; read by meta.ts. */
    DeploymentMeta: unknown
    EnvironmentConfig: unknown
    EnvironmentVariables: unknown
  }
}>()
