import type { EnvironmentState, RateBudget, ServiceState } from '#src/adapters/railway/railway.ts'
import { createRedis } from '#src/adapters/redis/redis.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { createAssess } from '#src/health/assess.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { createSignals, type SignalsDeps } from '#src/signals/create-signals.ts'
import { createStreams } from '#src/streams/streams.ts'
import { place, railwayOf, stateOf } from '#test/environments/railway-of.ts'
import { deploymentWith, serviceWith } from '#test/health/states.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'

export const well = serviceWith(deploymentWith('SUCCESS', ['RUNNING']))
export const dead = serviceWith(deploymentWith('SUCCESS', ['CRASHED']))

/** Railway as a test says that it is: `services` from now on, or an error. */
export function railwayStory(clock: Clock) {
  const story = {
    services: [well] as readonly ServiceState[] | Error,
    /** These come first, a reading each. */
    next: [] as (readonly ServiceState[])[],
    budget: undefined as RateBudget | undefined,
    readings: 0,
  }
  const environment = async (): Promise<EnvironmentState> => {
    story.readings += 1
    const services = story.next.shift() ?? story.services
    if (services instanceof Error) throw services
    return stateOf({ services, readAt: clock.now() })
  }
  return Object.assign(story, { railway: railwayOf({ environment, budget: () => story.budget }) })
}

export type Told = { readonly name: string; readonly payload: unknown }

/** One process of several on the same database: its own connections, and what it told its events. */
export function replica(given: {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly clock?: Clock
  readonly story?: ReturnType<typeof railwayStory>
  readonly deps?: Partial<SignalsDeps>
  /** What has to be done when it is over. */
  readonly atEnd: (end: () => Promise<unknown>) => void
}) {
  const clock = given.clock ?? hurriedClock(10)
  const story = given.story ?? railwayStory(clock)
  const log = quietLog()
  const store = createStore({ url: given.databaseUrl, poolSize: 3, log })
  const redis = createRedis({ url: given.redisUrl, log })
  const streams = createStreams({ redis, clock, log })
  const access = async () => story.railway
  const told: Told[] = []
  const hearers = new Set<() => void>()
  const signals = createSignals({
    store,
    environments: createEnvironments({ access, clock, log }),
    assess: createAssess(),
    operations: { open: async () => [] },
    streams,
    emit: async (name, payload) => {
      told.push({ name, payload })
      for (const hear of hearers) hear()
      return true
    },
    watched: async () => [place],
    budget: async () => story.budget,
    everyMs: 5_000,
    clock,
    log,
    ...given.deps,
  })
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    await signals.stop()
    await streams.close()
    await Promise.all([store.close(), redis.close()])
  }
  given.atEnd(stop)
  return {
    signals,
    story,
    streams,
    store,
    told,
    log,
    stop,
    turns: () => told.flatMap(({ name, payload }) => (name === 'health.turned' ? [payload as { from: string; to: string }] : [])),
    /** Resolves when what it told holds; looks whenever it tells something, and now and then. */
    async until(holds: () => unknown): Promise<void> {
      while (!(await holds())) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            clearTimeout(timer)
            hearers.delete(wake)
            resolve()
          }
          const timer = setTimeout(wake, 50)
          hearers.add(wake)
        })
      }
    },
  }
}
