import { UserError } from '#src/kernel/errors.ts'
import type { Platform } from '../api/api.ts'
import type { ServiceInstance } from '../world/model.ts'

/** Throws UserError where there is no such service. */
export function findInstance({ world }: Platform, serviceName: string, environmentName: string): ServiceInstance {
  const service = world.tables.services.find((one) => one.name === serviceName)
  const environment = world.tables.environments.find((one) => one.name === environmentName)
  const instance = service && environment && world.instance(service.id, environment.id)
  if (!instance) throw new UserError(`There is no service ${serviceName} in ${environmentName}.`)
  return instance
}
