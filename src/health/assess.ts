import type { ServiceState } from '#src/adapters/railway/railway.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Probes } from '#src/probes/probe.ts'
import { isAtAddress } from './at-address.ts'
import type { ServiceHealth } from './health.ts'
import { judge } from './judge.ts'
import { currentProbe, withProbe } from './with-probe.ts'

/** What was found last; no reading ever waits for a probe. */
export interface ProbedParts {
  readonly probes: Pick<Probes, 'last'>
  /** The environment that private names lead to: the bot's own. */
  readonly home: string
  readonly clock: Clock
}

/** How a service of an environment is by one reading alone: its replicas, and what its probe found. */
export type Assess = (service: ServiceState, environment: string) => ServiceHealth

export function createAssess(probed?: ProbedParts): Assess {
  return (service, environment) => {
    const now = probed?.clock.now() ?? new Date(0)
    const found = probed?.probes.last().find(({ url }) => isAtAddress(service, new URL(url), environment === probed.home))
    const probe = currentProbe(found, service, now)
    return { service, ...withProbe(judge(service), probe, now), ...(probe && { probe }) }
  }
}
