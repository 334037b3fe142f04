import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { channels } from '#src/streams/channels.ts'
import { redisFault } from '#src/streams/publish.ts'
import { jsonObject } from '#src/streams/stream-entry.ts'
import type { StreamEntry, Streams } from '#src/streams/streams.ts'
import type { Reading } from './reading.ts'

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

/** All throw UpstreamError where Redis is away. */
export interface Readings {
  /** Answers the id of the stream. The same key again, within a day, is the same publication. */
  publish(reading: Reading, key: string | undefined): Promise<string>
  latest(): Promise<Readonly<Record<string, unknown>> | undefined>
  /** Oldest first; `more`: the range holds others. */
  history(range: HistoryRange): Promise<{ readonly entries: readonly StreamEntry[]; readonly more: boolean }>
}

export function createReadings(redis: Pick<RedisConnection, 'client'>, streams: Pick<Streams, 'publish' | 'read'>): Readings {
  const channel = channels.consciousnessStream

  return {
    publish: (reading, key) =>
      streams.publish(channel, reading, {
        latest: LATEST_KEY,
        ...(key !== undefined && { once: { key: `reading:${key}`, seconds: ONCE_SECONDS } }),
      }),
    async latest() {
      const text = await redis.client.get(LATEST_KEY).catch((cause) => Promise.reject(redisFault(cause, 'read the latest reading')))
      const kept = text === null ? undefined : jsonObject(text)
      // Who only publishes leaves nothing under the key.
      return kept ?? (await streams.read(channel, { count: 1 }))[0]?.message
    },
    async history({ agent, after, before, limit }) {
      const found: StreamEntry[] = []
      let range: { after?: string; before?: string } = { ...(after && { after }), ...(before && { before }) }
      for (;;) {
        const page = await streams.read(channel, { ...range, count: PAGE })
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
