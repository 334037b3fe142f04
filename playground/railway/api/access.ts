import type { IncomingHttpHeaders } from 'node:http'
import type { Deployment, Environment, Person, Project, Service, ServiceInstance, Token } from '../world/model.ts'
import type { World } from '../world/world.ts'
import { notAuthorized, refusal } from './graphql-errors.ts'

/** What a token may reach. Every reader of it throws as Railway refuses. */
export interface Access {
  /** undefined without a valid token. */
  readonly token: Token | undefined
  person(): Person
  /** Workspace and account tokens only. */
  wide(): void
  reaches(environmentId: string): boolean
  project(id: string): Project
  environment(id: string): Environment
  service(id: string): Service
  instance(serviceId: string, environmentId: string): ServiceInstance
  deployment(id: string): Deployment
}

const tokenOwner: Person = { id: 'project-token', name: 'Project token', email: 'token@playground.invalid' }

export function createAccess(world: World, headers: IncomingHttpHeaders): Access {
  const token = tokenIn(world, headers)
  const reaches = (environmentId: string) => token !== undefined && (token.kind !== 'project' || token.environmentId === environmentId)

  const access: Access = {
    token,
    reaches,
    person: () => (token && token.kind !== 'project' ? token.person : tokenOwner),
    wide() {
      if (!token || token.kind === 'project') throw notAuthorized()
    },
    project(id) {
      if (!token || (token.kind === 'project' && token.projectId !== id)) throw notAuthorized()
      return world.project(id) ?? missing('Project')
    },
    environment(id) {
      if (!reaches(id)) throw notAuthorized()
      return world.environment(id) ?? missing('Environment')
    },
    service(id) {
      const service = world.service(id)
      if (service) access.project(service.projectId)
      return token ? (service ?? missing('Service')) : missing('Service')
    },
    instance(serviceId, environmentId) {
      access.environment(environmentId)
      return world.instance(serviceId, environmentId) ?? missing('ServiceInstance')
    },
    deployment(id) {
      if (!token) throw notAuthorized()
      const deployment = world.deployment(id)
      if (deployment && !reaches(deployment.environmentId)) throw notAuthorized()
      return deployment ?? missing('Deployment')
    },
  }
  return access
}

/** Project tokens in their own header, all others as bearer: the wrong header is no token at all. */
function tokenIn(world: World, headers: IncomingHttpHeaders): Token | undefined {
  const projectToken = headers['project-access-token']
  if (projectToken !== undefined) return world.tables.tokens.find((one) => one.kind === 'project' && one.token === projectToken)
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  return world.tables.tokens.find((one) => one.kind !== 'project' && one.token === bearer)
}

function missing(what: string): never {
  throw refusal(`${what} not found`)
}
