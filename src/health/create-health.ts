import type { Environments } from '#src/environments/environments.ts'
import type { Health } from './health.ts'
import { judge } from './judge.ts'

/** Judges what the shared reader of environments has: asking for health costs no request of its own. */
export function createHealth({ environments }: { readonly environments: Environments }): Health {
  return {
    read: async (place, maxAgeMs) => {
      const { state, stale } = await environments.state(place, maxAgeMs)
      return {
        environment: { id: state.id, name: state.name },
        readAt: state.readAt,
        services: state.services.map((service) => ({ service, ...judge(service) })),
        stale,
        unmergedChanges: state.unmergedChanges,
      }
    },
  }
}
