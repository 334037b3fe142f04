import { multiRegionConfig } from '../../world/deployment-facts.ts'
import type { Environment, Service, ServiceInstance, Variable } from '../../world/model.ts'
import { referencesIn } from '../../world/variables.ts'
import type { World } from '../../world/world.ts'
import type { Asking, Resolvers } from '../api.ts'
import { connection, type PageArguments } from '../connection.ts'

/** An environment and everything in it: one request reads all of it. */
export const environments = {
  Environment: {
    isEphemeral: () => false,
    updatedAt: (environment: Environment) => environment.createdAt,
    canAccess: (environment: Environment, _: unknown, { access }) => access.reaches(environment.id),
    unmergedChangesCount: () => 0, // nothing is ever staged here: every change is committed at once
    config: (environment: Environment, args: { decryptVariables?: boolean | null }, asking) =>
      configOf(asking, access(asking, environment), args.decryptVariables ?? false),
    serviceInstances: (environment: Environment, args: PageArguments, asking) =>
      connection(asking.world.instancesIn(access(asking, environment).id), args),
    volumeInstances(environment: Environment, args: PageArguments, asking) {
      const volumes = asking.world.instancesIn(access(asking, environment).id).filter((one) => one.volume)
      return connection(
        volumes.map((one) => volumeOf(one, environment)),
        args,
      )
    },
    variables: (environment: Environment, args: PageArguments, asking) =>
      connection(variablesOf(asking.world, access(asking, environment)), args),
    deployments: (environment: Environment, args: PageArguments, asking) =>
      connection(
        asking.world.tables.deployments.filter((one) => one.environmentId === access(asking, environment).id),
        args,
      ),
  },
  Service: {
    updatedAt: (service: Service) => service.createdAt,
  },
} satisfies Resolvers

/** A project token sees the other environments' names, and nothing in them. */
function access(asking: Asking, environment: Environment): Environment {
  return asking.access.environment(environment.id)
}

function volumeOf(instance: ServiceInstance, environment: Environment) {
  const { id, name, mountPath, sizeMB, currentSizeMB } = instance.volume!
  const { serviceId, environmentId, createdAt } = instance
  const volume = { id, name, projectId: environment.projectId, createdAt }
  const region = Object.keys(instance.settings.regions)[0] ?? null
  return {
    id: `${id}:${environmentId}`,
    serviceId,
    environmentId,
    volumeId: id,
    mountPath,
    state: 'READY',
    region,
    currentSizeMB,
    sizeMB,
    isPendingDeletion: false,
    createdAt,
    volume,
  }
}

/** Names, never values. */
function variablesOf(world: World, environment: Environment) {
  const rows = (variables: Readonly<Record<string, Variable>>, serviceId: string | null) =>
    Object.entries(variables).map(([name, { value, sealed }]) => ({
      id: `${serviceId ?? environment.id}:${name}`,
      name,
      serviceId,
      environmentId: environment.id,
      isSealed: sealed,
      references: referencesIn(value),
      createdAt: environment.createdAt,
      updatedAt: environment.createdAt,
    }))
  const own = world.instancesIn(environment.id).flatMap((one) => rows(one.variables, one.serviceId))
  return [...rows(environment.shared, null), ...own]
}

/** `EnvironmentConfig`: untyped at Railway; the shape that `environmentPatchCommit` takes back. */
function configOf({ world }: Asking, environment: Environment, decrypt: boolean) {
  const shown = (variables: Readonly<Record<string, Variable>>) =>
    Object.fromEntries(
      Object.entries(variables).map(([name, { value, sealed }]) => [name, sealed ? { isSealed: true } : decrypt ? { value } : {}]),
    )
  const services = world.instancesIn(environment.id).map((one) => {
    const { repo, image } = world.service(one.serviceId)!
    const deploy = { ...deployConfig(one), multiRegionConfig: multiRegionConfig(one.settings.regions) }
    return [one.serviceId, { source: repo ? { repo, branch: 'main' } : { image }, deploy, variables: shown(one.variables) }]
  })
  return { services: Object.fromEntries(services), sharedVariables: shown(environment.shared) }
}

function deployConfig({ settings }: ServiceInstance) {
  const { healthcheckPath, healthcheckTimeout, restartPolicyType, restartPolicyMaxRetries, overlapSeconds, drainingSeconds, startCommand } =
    settings
  return { healthcheckPath, healthcheckTimeout, restartPolicyType, restartPolicyMaxRetries, overlapSeconds, drainingSeconds, startCommand }
}
