import type { ServiceState } from '#src/adapters/railway/railway.ts'
import type { Environments } from '#src/environments/environments.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Probes } from '#src/probes/probe.ts'
import { isAtAddress } from './at-address.ts'
import type { Health } from './health.ts'
import { judge } from './judge.ts'
import { currentProbe, withProbe } from './with-probe.ts'

export interface HealthParts {
  readonly environments: Environments
  /** What was found last; a reading never waits for a probe. */
  readonly probed?: {
    readonly probes: Pick<Probes, 'last' | 'wanted'>
    /** The environment that private names lead to: the bot's own. */
    readonly home: string
    readonly clock: Clock
  }
}

/** Judges what the shared reader of environments has and the probes found last: asking for health costs no request of its own. */
export function createHealth({ environments, probed }: HealthParts): Health {
  return {
    read: async (place, maxAgeMs) => {
      probed?.probes.wanted()
      const { state, stale } = await environments.state(place, maxAgeMs)
      return {
        environment: { id: state.id, name: state.name },
        readAt: state.readAt,
        services: state.services.map((service) => judged(service, state.id)),
        stale,
        unmergedChanges: state.unmergedChanges,
      }
    },
  }

  function judged(service: ServiceState, environment: string) {
    const now = probed?.clock.now() ?? new Date(0)
    const found = probed?.probes.last().find(({ url }) => isAtAddress(service, new URL(url), environment === probed.home))
    const probe = currentProbe(found, service, now)
    return { service, ...withProbe(judge(service), probe, now), ...(probe && { probe }) }
  }
}
