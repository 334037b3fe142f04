import type { Railway } from '#src/adapters/railway/railway.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import type { PlaceToken } from './places.ts'

export interface PlaceVariables {
  readonly RAILWAY_TOKEN?: string | undefined
  readonly RAILWAY_API_TOKEN?: string | undefined
  readonly RAILWAY_PROJECT_ID?: string | undefined
  readonly RAILWAY_ENVIRONMENT_ID?: string | undefined
}

export interface ConfiguredPlace {
  readonly token: PlaceToken
  readonly project: string
  readonly environment: string
}

/** The place that the variables name. A project token tells its project and environment by itself; that one request is made only where it must be. */
export async function configuredPlace(variables: PlaceVariables, connect: (token: PlaceToken) => Railway): Promise<ConfiguredPlace> {
  const { RAILWAY_TOKEN, RAILWAY_API_TOKEN, RAILWAY_PROJECT_ID: project, RAILWAY_ENVIRONMENT_ID: environment } = variables
  const token: PlaceToken =
    RAILWAY_TOKEN === undefined ? { kind: 'account', value: RAILWAY_API_TOKEN ?? '' } : { kind: 'project', value: RAILWAY_TOKEN }
  if (project !== undefined && environment !== undefined) return { token, project, environment }
  const railway = connect(token)
  try {
    const scope = await railway.scope()
    if (scope.kind !== 'project') throw new ConfigError(['RAILWAY_TOKEN is not a project token: use RAILWAY_API_TOKEN for it'])
    return { token, project: project ?? scope.project.id, environment: environment ?? scope.environment.id }
  } finally {
    await railway.close()
  }
}
