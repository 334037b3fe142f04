import type { EnvironmentState, Railway } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'

export const place: Place = { guild: 'guild-1', project: 'project-1', environment: 'environment-1' }

/** A clock that stands still until it is turned; nothing that sleeps wakes before. */
export function turnedClock() {
  let now = Date.parse('2026-11-20T10:00:00Z')
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  const clock: Clock = {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
  const turn = (ms: number) => {
    now += ms
    for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake()
  }
  return { clock, turn }
}

/** Railway with these methods alone; any other is a failure of the test. */
export function railwayOf(methods: Partial<Railway>): Railway {
  return new Proxy(methods as Railway, {
    get: (target, name) => {
      const method = target[name as keyof Railway]
      // A promise that resolves with it asks for `then`.
      if (method === undefined && name !== 'then') throw new Error(`Railway.${String(name)} was not expected`)
      return method
    },
  })
}

export function stateOf(changes: Partial<EnvironmentState>): EnvironmentState {
  return {
    id: place.environment,
    name: 'production',
    projectId: place.project,
    readAt: new Date('2026-11-20T10:00:00Z'),
    unmergedChanges: 0,
    services: [],
    ...changes,
  }
}
