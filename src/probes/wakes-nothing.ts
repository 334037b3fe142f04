import type { EnvironmentState, ServiceState } from '#src/adapters/railway/railway.ts'
import { isAtAddress } from '#src/health/at-address.ts'

const ON_RAILWAY = /\.railway\.(app|internal)$/

/**
 * Says which addresses may be asked without waking, or keeping awake, what is allowed to sleep: a request is what wakes a service, and one a
 * minute keeps it from sleeping for ever. What stands on Railway but is not among the services that can be seen might sleep, and is left alone.
 * https://docs.railway.com/reference/app-sleeping
 */
export function wakesNothing(known: readonly EnvironmentState[], home: string): (url: URL) => boolean {
  return (url) => {
    const there = known.flatMap(({ id, services }) => services.filter((service) => isAtAddress(service, url, id === home)))
    return there.length > 0 ? there.every(isAwake) : !ON_RAILWAY.test(url.hostname)
  }
}

function isAwake({ sleepApplication, serving }: ServiceState): boolean {
  return !sleepApplication && serving !== undefined && serving.status !== 'SLEEPING'
}
