import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { ComponentReading, Components } from './component.ts'
import { watchComponent } from './watch-component.ts'

export interface HealthReading {
  /** `degraded`: it runs, but something it needs is down. `unhealthy`: it is stopping and takes no more work. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly components: Readonly<Record<string, ComponentReading>>
}

export interface ServiceHealth {
  /** Answers within `patienceMs`, whatever the components do. */
  read(): Promise<HealthReading>
  /** From now on `unhealthy` and not ready: the service finishes what it has. */
  drain(): void
  readonly draining: boolean
}

export interface HealthDeps {
  readonly components: Components
  readonly log: Log
  readonly clock: Clock
  readonly freshMs?: number
  readonly patienceMs?: number
}

export const healthDefaults = { freshMs: 1_000, patienceMs: 1_000 } as const

export function createServiceHealth({ components, log, clock, ...given }: HealthDeps): ServiceHealth {
  const limits = { ...healthDefaults, ...given }
  const watched = Object.entries(components).map(([name, component]) => ({
    name,
    read:
      typeof component === 'string'
        ? async (): Promise<ComponentReading> => ({ status: component })
        : watchComponent({ name, component, log, clock, ...limits }),
  }))
  let draining = false

  return {
    async read() {
      const readings = await Promise.all(watched.map(async ({ name, read }) => [name, await read()] as const))
      const anyDown = readings.some(([, { status }]) => status === 'down')
      return { status: draining ? 'unhealthy' : anyDown ? 'degraded' : 'healthy', components: Object.fromEntries(readings) }
    },
    drain() {
      draining = true
    },
    get draining() {
      return draining
    },
  }
}
