import type { Environments } from '#src/environments/environments.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Probes } from '#src/probes/probe.ts'
import { createAssess, type ProbedParts } from './assess.ts'
import type { Condition, Health, ServiceHealth } from './health.ts'

/** What the health cycle holds a service to be. */
export interface Held {
  readonly condition: Condition
  readonly reason: string
  readonly since: Date
}

export interface HealthParts {
  readonly environments: Environments
  readonly probed?: ProbedParts & { readonly probes: Pick<Probes, 'wanted'> }
  /** The cycle's newest word; undefined where it has none, or none that is new enough. */
  readonly held?: (place: Place, service: string) => Held | undefined
  /** A reading that is newer than the cycle's says something else: the cycle should look. */
  readonly onDiffers?: (place: Place, readAt: Date) => void
}

/** Judges what the shared reader of environments has and the probes found last: asking for health costs no request of its own. */
export function createHealth({ environments, probed, held, onDiffers }: HealthParts): Health {
  const assess = createAssess(probed)
  return {
    read: async (place, maxAgeMs) => {
      probed?.probes.wanted()
      const { state, stale } = await environments.state(place, maxAgeMs)
      const services = state.services.map((service) =>
        beside(assess(service, state.id), held?.({ ...place, environment: state.id }, service.id)),
      )
      if (!stale && services.some(({ reads }) => reads)) onDiffers?.(place, state.readAt)
      return {
        environment: { id: state.id, name: state.name },
        readAt: state.readAt,
        services,
        stale,
        unmergedChanges: state.unmergedChanges,
      }
    },
  }
}

/** What the cycle holds it to be, with what this reading says where it is another. */
function beside(read: ServiceHealth, held: Held | undefined): ServiceHealth {
  if (!held) return read
  const { condition, reason } = read
  if (held.condition === condition) return { ...read, since: held.since }
  return { ...read, condition: held.condition, reason: held.reason, since: held.since, reads: { condition, reason } }
}
