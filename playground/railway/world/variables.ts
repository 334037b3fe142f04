import type { Environment, ServiceInstance, Variable } from './model.ts'
import type { World } from './world.ts'

/** What Railway adds by itself, per service and environment. https://docs.railway.com/reference/variables#railway-provided-variables */
export function givenVariables(world: World, instance: ServiceInstance): Record<string, string> {
  const service = world.service(instance.serviceId)!
  const environment = world.environment(instance.environmentId)!
  const project = world.project(environment.projectId)!
  const domain = domainOf(instance)
  return {
    RAILWAY_PROJECT_ID: project.id,
    RAILWAY_PROJECT_NAME: project.name,
    RAILWAY_ENVIRONMENT_ID: environment.id,
    RAILWAY_ENVIRONMENT_NAME: environment.name,
    RAILWAY_ENVIRONMENT: environment.name,
    RAILWAY_SERVICE_ID: service.id,
    RAILWAY_SERVICE_NAME: service.name,
    RAILWAY_PRIVATE_DOMAIN: `${service.name}.railway.internal`,
    ...(domain ? { RAILWAY_PUBLIC_DOMAIN: domain, RAILWAY_STATIC_URL: domain } : {}),
  }
}

/** The public domain: a loopback address with the port of this service's edge. */
export function domainOf(instance: ServiceInstance): string | undefined {
  return instance.port === null ? undefined : `127.0.0.1:${instance.port}`
}

/**
 * Values as a process sees them: `${{Service.KEY}}`, `${{shared.KEY}}` and `${{KEY}}` filled in. What refers to nothing, or to
 * itself, becomes empty, as at Railway.
 */
export function renderVariables(world: World, instance: ServiceInstance, own = instance.variables): Record<string, string> {
  const environment = world.environment(instance.environmentId)!
  const names = [...Object.keys(givenVariables(world, instance)), ...Object.keys(own)]
  return Object.fromEntries(names.map((name) => [name, lookUp({ world, environment, instance, own, name, seen: new Set() })]))
}

/** Shared variables, filled in. */
export function renderShared(world: World, environment: Environment): Record<string, string> {
  const names = Object.keys(environment.shared)
  return Object.fromEntries(
    names.map((name) => [name, lookUp({ world, environment, instance: undefined, own: environment.shared, name, seen: new Set() })]),
  )
}

/** `Postgres.DATABASE_URL` of `${{Postgres.DATABASE_URL}}`, for each reference in a value. */
export function referencesIn(value: string): string[] {
  return [...value.matchAll(reference)].map((match) => match[1]!)
}

const reference = /\$\{\{\s*([^{}]+?)\s*\}\}/g

interface Search {
  readonly world: World
  readonly environment: Environment
  /** undefined for shared variables. */
  readonly instance: ServiceInstance | undefined
  readonly own: Readonly<Record<string, Variable>>
  readonly name: string
  /** Names on the way here: a circle ends as empty. */
  readonly seen: ReadonlySet<string>
}

function lookUp(search: Search): string {
  const key = `${search.instance?.id ?? 'shared'}.${search.name}`
  if (search.seen.has(key)) return ''
  const written = search.own[search.name]?.value
  if (written === undefined) return search.instance ? (givenVariables(search.world, search.instance)[search.name] ?? '') : ''
  const seen = new Set([...search.seen, key])
  return written.replace(reference, (_, path: string) => lookUp({ ...search, ...target(search, path), seen }))
}

/** Where a reference leads: other people's variables, or another of one's own. */
function target(search: Search, path: string): Pick<Search, 'instance' | 'own' | 'name'> {
  const dot = path.lastIndexOf('.')
  if (dot < 0) return { instance: search.instance, own: search.own, name: path }
  const [owner, name] = [path.slice(0, dot), path.slice(dot + 1)]
  const { world, environment } = search
  if (owner === 'shared') return { instance: undefined, own: environment.shared, name }
  const instance = world.instancesIn(environment.id).find((one) => world.service(one.serviceId)?.name === owner)
  return { instance, own: instance?.variables ?? {}, name }
}
