import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Signals } from '#src/signals/signals.ts'

/** Long enough for a storm to be over and for Railway's API to know what its webhook says, in ms. */
const SETTLE_MS = 1_000
/** From one look on hints to the next, in ms: at most 360 of Railway's 1,000 requests an hour, however many webhooks come. */
const APART_MS = 10_000

export interface HintedLooks {
  /** Something changed there: it is looked at soon. However many hints come until then, it is one look. */
  hint(place: Place): void
  /** Resolves when no look is to come any more. */
  stop(): Promise<void>
}

export interface HintedLooksParts {
  readonly signals: Pick<Signals, 'lookNow' | 'newest' | 'cadence'>
  readonly clock: Clock
  readonly log: Log
}

export function createHintedLooks({ signals, clock, log }: HintedLooksParts): HintedLooks {
  const last = new Map<string, number>()
  const coming = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  /** Where few requests are left, a hint is no reason to use them up. */
  function restMs(place: Place, key: string): number {
    const { everyMs = APART_MS, slowed = false } = signals.cadence(place) ?? {}
    const apartMs = slowed ? everyMs : Math.min(APART_MS, everyMs)
    const before = last.get(key)
    return before === undefined ? SETTLE_MS : Math.max(SETTLE_MS, before + apartMs - clock.now().getTime())
  }

  async function lookLater(place: Place, key: string): Promise<void> {
    await clock.sleep(restMs(place, key), stopping.signal)
    coming.delete(key)
    if (stopping.signal.aborted) return
    last.set(key, clock.now().getTime())
    await signals.lookNow(place).catch((err: unknown) => log.debug({ err }, 'a look that a webhook hinted at could not be had'))
  }

  return {
    hint(place) {
      // Of environments that nobody watches nothing is kept, and their ids are whatever a webhook says.
      if (stopping.signal.aborted || !signals.newest(place)) return
      const key = JSON.stringify([place.guild, place.project, place.environment])
      if (!coming.has(key)) coming.set(key, lookLater(place, key))
    },
    async stop() {
      stopping.abort()
      await Promise.all(coming.values())
    },
  }
}
