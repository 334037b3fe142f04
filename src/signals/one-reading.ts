import type { Environments } from '#src/environments/environments.ts'
import type { Assess } from '#src/health/assess.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Operations } from '#src/operations/operations.ts'
import { decide } from './decide.ts'
import { paceOf } from './pace.ts'
import type { EnvironmentSignals } from './signals.ts'

export interface OneReadingParts {
  readonly environments: Pick<Environments, 'state'>
  readonly assess: Assess
  readonly operations: Pick<Operations, 'open'>
}

/** It may be so old, in ms: whoever asks for an environment again within it costs nothing. */
const maxAgeMs = 60_000

/**
 * How an environment that nobody watches is, by one reading at most a minute old and by nothing that was known before. Throws UpstreamError where
 * Railway cannot be read, and UserError where the place has no token.
 */
export function createOneReading({ environments, assess, operations }: OneReadingParts) {
  return async (place: Place): Promise<EnvironmentSignals> => {
    const [{ state, stale }, open] = await Promise.all([environments.state(place, maxAgeMs), operations.open(place)])
    const services = state.services.map((service) => assess(service, state.id))
    const environment = { id: state.id, name: state.name }
    return { ...decide({ place, environment, services, open, at: state.readAt }, undefined, paceOf(maxAgeMs)).signals, stale }
  }
}
