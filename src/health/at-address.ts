import type { ServiceState } from '#src/adapters/railway/railway.ts'

const PRIVATE = '.railway.internal'

/**
 * True where the address leads to this service of an environment: one of its domains, or its private name, which is the same in every
 * environment and means the one that whoever asks runs in (`home`). https://docs.railway.com/networking/private-networking
 */
export function isAtAddress(service: Pick<ServiceState, 'name' | 'domains'>, url: URL, home: boolean): boolean {
  if (service.domains.some((domain) => domain.toLowerCase() === url.host)) return true
  if (!home || !url.hostname.endsWith(PRIVATE)) return false
  return url.hostname.slice(0, -PRIVATE.length) === service.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}
