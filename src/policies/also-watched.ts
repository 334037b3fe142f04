import type { Store } from '#src/adapters/store/store.ts'
import { fitting } from '#src/alerts/service-rules.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { EnvironmentRef } from '#src/kernel/directory.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'

export interface AlsoWatchedParts {
  readonly store: Pick<Store, 'db'>
  /** Each guild's own place: watched anyway. */
  readonly own: () => readonly Place[]
  /** Environments that alert rules of a place name, as they are written there; `*` names none in particular. */
  readonly named: (place: Place) => Promise<readonly string[]>
  readonly environments: (place: Place) => Promise<readonly EnvironmentRef[]>
  readonly clock: Clock
  readonly log: Log
}

/** As long an answer holds: it is asked for three times in a lease. */
const heldMs = 5_000

/**
 * Environments that are watched besides each guild's own, one Railway request each in a cycle: where a policy is on, where an incident is open
 * (somebody has to see that it is over), and which an alert rule names.
 */
export function createAlsoWatched({ store, own, named, environments, clock, log }: AlsoWatchedParts): () => Promise<readonly Place[]> {
  const known = new Map<string, readonly EnvironmentRef[]>()
  let held: { readonly at: number; readonly places: Promise<readonly Place[]> } | undefined

  async function read(): Promise<readonly Place[]> {
    const found = await Promise.all(own().map(besides))
    return found.flat()
  }

  async function besides(place: Place): Promise<readonly Place[]> {
    const { guild, project } = place
    const rows = await store.db
      .selectFrom('policies')
      .select('environment')
      .where('guild', '=', guild)
      .where('project', '=', project)
      .where('mode', '!=', 'off')
      .union(
        store.db
          .selectFrom('incidents')
          .select('environment')
          .where('guild', '=', guild)
          .where('project', '=', project)
          .where('state', '!=', 'resolved'),
      )
      .execute()
    const ids = new Set([...rows.map(({ environment }) => environment), ...(await ofRules(place))])
    ids.delete(place.environment)
    return [...ids].sort().map((environment) => ({ guild, project, environment }))
  }

  async function ofRules(place: Place): Promise<readonly string[]> {
    const patterns = (await named(place)).filter((pattern) => pattern !== '*')
    if (patterns.length === 0) return []
    const fits = fitting(patterns)
    try {
      known.set(place.project, await environments(place))
    } catch (err) {
      // What was watched goes on being watched: it is how the outage is noticed.
      if (!(err instanceof UpstreamError)) throw err
      log.debug({ err }, 'the names of environments could not be read')
    }
    return (known.get(place.project) ?? []).filter(({ name }) => fits(name)).map(({ id }) => id)
  }

  return () => {
    const now = clock.now().getTime()
    if (!held || now - held.at >= heldMs) held = { at: now, places: read() }
    return held.places
  }
}
