import type { RateBudget } from '#src/adapters/railway/railway.ts'
import type { Environments } from '#src/environments/environments.ts'
import type { Assess } from '#src/health/assess.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Operations } from '#src/operations/operations.ts'
import { type Cadence, cadenceOf } from './cadence.ts'
import { decide, type Found } from './decide.ts'
import { type Lease, LeaseLost } from './lease.ts'
import { paceOf } from './pace.ts'
import type { Kept, SignalRows } from './signal-rows.ts'
import type { EnvironmentSignals } from './signals.ts'

export interface WatchDeps {
  readonly environments: Pick<Environments, 'state'>
  readonly assess: Assess
  readonly operations: Pick<Operations, 'open'>
  readonly rows: Pick<SignalRows, 'load' | 'write' | 'age'>
  readonly lease: Pick<Lease, 'fence'>
  /** Of the token that reads this place. */
  readonly budget: (place: Place) => Promise<RateBudget | undefined>
  readonly everyMs: number
  /** How many environments share the budget. */
  readonly watching: () => number
  /** What was read, or could not be; `turned`: somebody has to be told. */
  readonly onRead: (kept: Kept, turned: boolean) => void
  readonly clock: Clock
  readonly log: Log
}

/** Looks at one environment again and again, while this process has the lease. */
export interface Watch {
  start(): void
  /** Looks now; resolves when that is over. Joins a look under way. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Whoever asks, it is not looked more often. */
const leastPauseMs = 500
/** A timer may be early by a hair, and is a regular one all the same. */
const hairMs = 20

export function createWatch(place: Place, deps: WatchDeps): Watch {
  const { environments, assess, operations, rows, lease, everyMs, clock, log } = deps
  const pace = paceOf(everyMs)
  let kept: Kept | undefined
  let isLoaded = false
  let cadence: Cadence = { everyMs, slowed: false }
  let failing = false
  /** When the next regular look is due, in ms. */
  let due = clock.now().getTime()
  /** The first turn that has not ended. */
  let turnOver = Promise.withResolvers<void>()

  let lastBegun = Number.NEGATIVE_INFINITY
  const loop = createLoop(async (signal) => {
    const begun = clock.now().getTime()
    if (begun < lastBegun + leastPauseMs) return lastBegun + leastPauseMs - begun
    lastBegun = begun
    const lookInMs = await turn(signal)
    turnOver.resolve()
    turnOver = Promise.withResolvers()
    const now = clock.now().getTime()
    // From start to start: what a look takes is not added to the interval.
    if (begun >= due - hairMs) due = Math.max(begun + cadence.everyMs, now)
    const soon = lookInMs === undefined || (cadence.slowed && lookInMs > pace.confirmMs) ? due : Math.min(due, now + lookInMs)
    return Math.max(leastPauseMs, soon - now)
  }, clock)

  /** Never throws. Answers when to look again out of turn. */
  async function turn(signal: AbortSignal): Promise<number | undefined> {
    try {
      if (!isLoaded) kept = await rows.load(place)
      isLoaded = true
      const lookInMs = await look(signal)
      if (failing) log.info({ environment: place.environment }, 'the health cycle goes on')
      failing = false
      return lookInMs
    } catch (err) {
      // Another decides by now: what is known here is old.
      isLoaded = false
      if (!failing && !(err instanceof LeaseLost)) log.warn({ err, environment: place.environment }, 'the health cycle does not get on')
      failing = true
      return undefined
    }
  }

  async function look(signal: AbortSignal): Promise<number | undefined> {
    const found = await find()
    if (signal.aborted) return undefined
    setCadence(cadenceOf(everyMs, deps.watching(), await deps.budget(place).catch(() => undefined), clock.now()))
    if (!found) return age()
    const decided = decide(found, kept?.remembered, pace)
    await rows.write(decided, cadence, lease.fence)
    kept = { signals: decided.signals, cadence, remembered: decided.remembered }
    deps.onRead(kept, decided.turned.length > 0)
    return decided.lookInMs
  }

  /** Undefined where Railway cannot be read. */
  async function find(): Promise<Found | undefined> {
    try {
      const { state } = await environments.state(place, 0)
      const services = state.services.map((service) => assess(service, state.id))
      return { place, environment: { id: state.id, name: state.name }, services, open: await operations.open(place), at: clock.now() }
    } catch (error) {
      if (!(error instanceof UpstreamError || error instanceof UserError)) throw error
      log.debug({ environment: place.environment, reason: error.message }, 'an environment cannot be read')
      return undefined
    }
  }

  async function age(): Promise<undefined> {
    const at = clock.now()
    await rows.age(place, at, cadence, lease.fence)
    const signals: EnvironmentSignals = { environment: place.environment, services: [], ...kept?.signals, place, at, stale: true }
    kept = { signals, cadence, remembered: kept?.remembered }
    deps.onRead(kept, false)
  }

  function setCadence(next: Cadence): void {
    const fields = { environment: place.environment, everySeconds: Math.round(next.everyMs / 1_000) }
    if (next.slowed && !cadence.slowed) log.warn(fields, 'the health cycle goes slower: Railway allows few more requests for now')
    if (!next.slowed && cadence.slowed) log.info(fields, 'the health cycle goes at its own pace again')
    cadence = next
  }

  return {
    start: loop.start,
    look() {
      const over = turnOver.promise
      loop.wake()
      return over
    },
    async stop() {
      await loop.stop()
      turnOver.resolve()
    },
  }
}
