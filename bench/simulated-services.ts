import { type SeedOptions, seedTables } from '../playground/railway/seed.ts'
import type { Tables } from '../playground/railway/world/model.ts'

/** The seeded project with so many services, none of which has a process behind it. */
export function simulatedServices(count: number): (options: SeedOptions) => Tables {
  const names = Array.from({ length: count }, (_, index) => `service-${String(index + 1).padStart(3, '0')}`)
  return (options) => {
    const tables = seedTables({ ...options, services: names })
    return { ...tables, services: tables.services.map((service) => ({ ...service, simulated: true })) }
  }
}
