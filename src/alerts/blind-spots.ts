import type { Posts } from '#src/delivery/posts.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { Place } from '#src/kernel/call.ts'
import { andList } from '#src/kernel/say.ts'
import type { Cadence } from '#src/signals/cadence.ts'
import type { EnvironmentSignals, Signals } from '#src/signals/signals.ts'
import type { BlindSpot } from './rule.ts'

export interface BlindSpotsParts {
  readonly signals: Pick<Signals, 'newest' | 'cadence'>
  /** Rejects where Redis cannot be reached. */
  readonly checkRedis: () => Promise<void>
  readonly posts: Pick<Posts, 'refused'>
}

/** Railway was not looked at for so long beyond three turns: nobody looks. */
const lateMs = 30_000

/** Whether nobody has looked for so long that somebody should have. */
export function isLate({ at }: Pick<EnvironmentSignals, 'at'>, { everyMs }: Pick<Cadence, 'everyMs'>, now: number): boolean {
  return now - at.getTime() > 3 * everyMs + lateMs
}

/** What keeps Helix from seeing or telling at this moment, each in one sentence. */
export function createReadBlindSpots({ signals, checkRedis, posts }: BlindSpotsParts) {
  return async (place: Place, now: number): Promise<ReadonlyMap<BlindSpot, string>> => {
    const [redis, refused] = await Promise.all([
      checkRedis().then(
        () => undefined,
        () => 'Redis does not answer: streams stand still.',
      ),
      posts.refused(place.guild),
    ])
    const found: readonly (readonly [BlindSpot, string | undefined])[] = [
      ['railway', railway(place, now)],
      ['redis', redis],
      ['budget', budget(place)],
      [
        'posts',
        refused.length === 0 ? undefined : `Discord refuses what Helix has to show in ${andList(refused.map(({ where }) => where))}.`,
      ],
    ]
    return new Map(found.flatMap(([what, why]) => (why === undefined ? [] : [[what, why] as const])))
  }

  function railway(place: Place, now: number): string | undefined {
    const newest = signals.newest(place)
    const cadence = signals.cadence(place)
    // Before the first reading nothing is known.
    if (!newest || !cadence) return undefined
    if (newest.stale) return 'Railway cannot be read: nobody knows how the services are.'
    return isLate(newest, cadence, now) ? `Railway was last read ${sayDuration(now - newest.at.getTime())} ago.` : undefined
  }

  function budget(place: Place): string | undefined {
    const cadence = signals.cadence(place)
    if (!cadence?.slowed) return undefined
    return `Health is read only every ${sayDuration(cadence.everyMs)}, so that Railway's requests last until they are reset.`
  }
}
