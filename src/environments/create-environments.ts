import type { EnvironmentState, RailwayAccess } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Environments, Reading } from './environments.ts'

/** What is known about one environment. */
interface Entry {
  state?: EnvironmentState
  /** Set by `invalidate`: the state is from before a change. */
  expired?: boolean
  reading?: { readonly since: number; readonly result: Promise<EnvironmentState> }
  failure?: { readonly at: number; readonly error: unknown }
}

const defaultMaxAgeMs = 10_000
/** With a last good reading at hand nobody waits longer than this for a newer one. */
const patienceMs = 8000
/** After a failure Railway is left alone for so long, where there is a last good reading. */
const restMs = 5000

export function createEnvironments(deps: { readonly access: RailwayAccess; readonly clock: Clock; readonly log: Log }): Environments {
  const { access, clock, log } = deps
  const entries = new Map<string, Entry>()
  const now = () => clock.now().getTime()

  const entryOf = (place: Place): Entry => {
    const key = JSON.stringify([place.guild, place.project, place.environment])
    const entry = entries.get(key) ?? {}
    entries.set(key, entry)
    return entry
  }

  /** Joins the reading under way where it was begun recently enough. */
  const read = (place: Place, entry: Entry, maxAgeMs: number): Promise<EnvironmentState> => {
    if (entry.reading && now() - entry.reading.since <= maxAgeMs) return entry.reading.result
    const reading = { since: now(), result: ask(place, entry.state) }
    entry.reading = reading
    reading.result.then(
      (state) => keep(entry, reading, state),
      (error) => {
        if (entry.reading === reading) delete entry.reading
        entry.failure = { at: now(), error }
      },
    )
    return reading.result
  }

  const ask = async (place: Place, last: EnvironmentState | undefined) =>
    (await access(place)).environment(place.project, place.environment, last)

  return {
    state: async (place, maxAgeMs = defaultMaxAgeMs) => {
      const entry = entryOf(place)
      const { state, failure } = entry
      if (state && !entry.expired && now() - state.readAt.getTime() <= maxAgeMs) return { state, stale: false }
      if (!state || maxAgeMs === 0) return { state: await read(place, entry, maxAgeMs), stale: false }
      if (failure && now() - failure.at < restMs) return { state, stale: true, failure: failure.error }
      return orLast(read(place, entry, maxAgeMs), state)
    },
    invalidate: (place) => {
      const entry = entryOf(place)
      delete entry.reading
      entry.expired = true
    },
  }

  async function orLast(fresh: Promise<EnvironmentState>, last: EnvironmentState): Promise<Reading> {
    const answered = new AbortController()
    const late = clock.sleep(patienceMs, answered.signal).then(() => ({ state: last, stale: true }))
    const read = fresh.then((state) => ({ state, stale: false }))
    try {
      return await Promise.race([read, late])
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      log.warn({ environment: last.id, reason: error.message }, 'Railway cannot be read; the last reading is shown')
      return { state: last, stale: true, failure: error }
    } finally {
      answered.abort()
    }
  }
}

function keep(entry: Entry, reading: Entry['reading'], state: EnvironmentState): void {
  // One that was overtaken, or begun before a change, does not count.
  if (entry.reading !== reading) return
  delete entry.reading
  delete entry.failure
  delete entry.expired
  entry.state = state
}
