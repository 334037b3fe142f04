import { z } from 'zod'
import { isLate } from './alerts/blind-spots.ts'
import type { Place } from './kernel/call.ts'
import type { Clock } from './kernel/clock.ts'
import type { ServiceHttp } from './service/request-schemas.ts'
import type { Signals } from './signals/signals.ts'

export interface WatchRouteParts {
  /** The environments that are to be watched. */
  readonly watched: () => readonly Place[]
  readonly signals: Pick<Signals, 'newest' | 'cadence'>
  readonly clock: Clock
}

const answer = z.object({
  watching: z.boolean(),
  environments: z.int(),
  /** Of the environment that waits longest; null where none was ever read. */
  lastCycleSeconds: z.number().nullable(),
  reason: z.string().nullable(),
})

/**
 * `/health/watch`: 200 while the health of every environment is read as often as it is to be, by whichever process; else 503. What an outside
 * watcher asks to hear of a Helix that lives and is blind; `/health` says how this process does. Open, and names nothing.
 */
export function watchRoute(http: ServiceHttp, { watched, signals, clock }: WatchRouteParts): void {
  const schema = { summary: 'Whether the environments are watched, and when last', response: { 200: answer, 503: answer } }
  http.get('/health/watch', { config: { open: true, ratePerMinute: false }, schema }, async (_request, reply) => {
    const now = clock.now().getTime()
    const places = watched()
    const read = places.map((place) => ({ newest: signals.newest(place), cadence: signals.cadence(place) }))
    const ages = read.flatMap(({ newest }) => (newest ? [Math.max(0, now - newest.at.getTime()) / 1_000] : []))
    const reason = reasonOf(read, now)
    return reply.code(reason === null ? 200 : 503).send({
      watching: reason === null,
      environments: places.length,
      lastCycleSeconds: ages.length === 0 ? null : Math.round(Math.max(...ages)),
      reason,
    })
  })
}

interface Read {
  readonly newest: ReturnType<Signals['newest']>
  readonly cadence: ReturnType<Signals['cadence']>
}

function reasonOf(read: readonly Read[], now: number): string | null {
  if (read.length === 0) return 'Nothing is watched: no server, or no Railway token.'
  if (read.some(({ newest }) => !newest)) return 'An environment was never read.'
  if (read.some(({ newest, cadence }) => newest && cadence && isLate(newest, cadence, now)))
    return 'An environment was not looked at for too long.'
  return read.some(({ newest }) => newest?.stale) ? 'Railway cannot be read.' : null
}
