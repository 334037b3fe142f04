import type { EnvironmentSignals, ServiceSignals } from '#src/signals/signals.ts'

export const at = new Date('2026-11-21T12:00:00Z')

/** A service that is well, but for what is given. */
export function service(name: string, given: Partial<ServiceSignals> = {}): ServiceSignals {
  return {
    service: { id: `id-${name}`, name },
    condition: 'healthy',
    reason: 'Because.',
    since: at,
    replicas: { running: 1, wanted: 1 },
    ...{ serving: undefined, latest: undefined, cpu: undefined, memory: undefined, disk: undefined, http: undefined },
    ...given,
  }
}

export function signalsOf(services: readonly ServiceSignals[], given: Partial<EnvironmentSignals> = {}): EnvironmentSignals {
  return { place: { guild: 'g', project: 'p', environment: 'e' }, environment: 'production', at, stale: false, services, ...given }
}

export function http(given: { readonly errorRate?: number; readonly p95Ms?: number }): ServiceSignals['http'] {
  return { requestsPerSecond: 5, errorRate: 0, p50Ms: 20, p95Ms: 100, ...given }
}
