import { apiPath } from './api/endpoint.ts'
import { fixedId } from './fixed-id.ts'
import type { Tables, Token } from './world/model.ts'

/** What somebody needs to speak to it. */
export interface RailwayCredentials {
  /** Path of the API on the server that it is mounted on. */
  readonly path: string
  readonly accountToken: string
  readonly workspaceToken: string
  readonly workspaceId: string
  readonly projectId: string
  /** In the address that the project's webhook goes to. */
  readonly webhookSecret: string
  /** By environment name. */
  readonly environments: Readonly<Record<string, { readonly id: string; readonly projectToken: string }>>
}

/** The same at each start, as all of them. */
export const webhookSecret = fixedId('webhook-secret')

export function credentialsOf({ tokens, workspace, projects, environments }: Tables): RailwayCredentials {
  const token = (wanted: (one: Token) => boolean) => tokens.find(wanted)?.token ?? ''
  return {
    path: apiPath,
    accountToken: token((one) => one.kind === 'account'),
    workspaceToken: token((one) => one.kind === 'workspace'),
    workspaceId: workspace.id,
    projectId: projects[0]?.id ?? '',
    webhookSecret,
    environments: Object.fromEntries(
      environments.map(({ id, name }) => [name, { id, projectToken: token((one) => one.kind === 'project' && one.environmentId === id) }]),
    ),
  }
}
