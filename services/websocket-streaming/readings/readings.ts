import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { channels } from '#src/kernel/channels.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { StreamEntry, Streams } from '#src/streams/streams.ts'
import { askedBefore } from './asked-before.ts'
import { inTime } from './in-time.ts'
import type { AskedReading, Reading } from './reading.ts'

/** Where existing clients and publishers look for the newest reading, as JSON. */
export const LATEST_KEY = 'latest_consciousness_data'

const PAGE = 500
const ONCE_SECONDS = 86_400

export interface HistoryRange {
  readonly agent?: string | undefined
  /** Ids of the stream, exclusive. With `after` the oldest that follow it come first to be taken, without it the newest. */
  readonly after?: string | undefined
  readonly before?: string | undefined
  readonly limit: number
}

/** All throw UpstreamError where Redis is away, or does not answer within a second. */
export interface Readings {
  /**
   * Answers what was published, which is of `now` where it names no time, and its id of the stream. The same key again, within a day, is the
   * same publication; a Refusal with 409 where it was another one.
   */
  publish(asked: AskedReading, now: string, key: string | undefined): Promise<{ readonly reading: Reading; readonly id: string }>
  /** Of whoever published it; what somebody else wrote under the key counts until the next one. */
  latest(): Promise<Readonly<Record<string, unknown>> | undefined>
  /** Oldest first; `more`: the range holds others. */
  history(range: HistoryRange): Promise<{ readonly entries: readonly StreamEntry[]; readonly more: boolean }>
}

export interface ReadingsDeps {
  readonly redis: Pick<RedisConnection, 'client'>
  readonly streams: Pick<Streams, 'publish' | 'read' | 'latest'>
  readonly clock: Clock
}

export function createReadings({ redis, streams, clock }: ReadingsDeps): Readings {
  const channel = channels.consciousnessStream
  const read: Streams['read'] = (...asked) => inTime(clock, 'read', streams.read(...asked))

  return {
    async publish(asked, now, key) {
      const at = key === undefined ? now : await inTime(clock, 'publish', askedBefore(redis, { key, seconds: ONCE_SECONDS, asked, now }))
      const reading = { ...asked, timestamp: asked.timestamp ?? at }
      const once = key === undefined ? {} : { once: { key: `reading:${key}`, seconds: ONCE_SECONDS } }
      return { reading, id: await inTime(clock, 'publish', streams.publish(channel, reading, { latest: LATEST_KEY, ...once })) }
    },
    latest: () => inTime(clock, 'read', streams.latest(channel, LATEST_KEY)),
    async history({ agent, after, before, limit }) {
      const found: StreamEntry[] = []
      let range: { after?: string; before?: string } = { ...(after && { after }), ...(before && { before }) }
      for (;;) {
        const page = await read(channel, { ...range, count: PAGE })
        const fitting = page.filter(({ message }) => agent === undefined || message.agent_id === agent)
        if (after) found.push(...fitting)
        else found.unshift(...fitting)
        const isWhole = page.length < PAGE
        if (isWhole || found.length > limit) {
          return { entries: after ? found.slice(0, limit) : found.slice(-limit), more: found.length > limit }
        }
        range = after ? { ...range, after: page.at(-1)!.id } : { before: page[0]!.id }
      }
    },
  }
}
