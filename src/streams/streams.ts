import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { noTracing, type Tracing } from '#src/tracing/tracing.ts'
import type { Refused } from './foreign.ts'
import { readLatest } from './latest.ts'
import { ownConnection } from './own-connection.ts'
import { createPublish, type PublishOptions } from './publish.ts'
import { type ReadRange, readEntries } from './read.ts'
import { type Subscribed, subscribe } from './subscribe.ts'

/** One message of a stream. */
export interface StreamEntry {
  /** Redis' own, ascending: `1732190000000-0`. */
  readonly id: string
  readonly channel: string
  /** As it was published, without the id. */
  readonly message: Readonly<Record<string, unknown>>
  /** The same, as the JSON that was published. */
  readonly text: string
  /** Counts the channel's messages from 1: what lies between two numbers was published, and trimmed or lost (see `gapBetween`). */
  readonly number: number
}

export interface Subscription {
  stop(): Promise<void>
}

/** Messages between services: each is appended to a capped Redis Stream and published on the channel of the same name, in one step. */
export interface Streams {
  /**
   * Answers the entry's id. The published JSON is the message with one field more, `stream_id`, by which a bridge knows that it is in the
   * stream. Throws UserError for one that is too large (256 KB), UpstreamError where Redis did not say that it has it.
   */
  publish(channel: string, message: Readonly<Record<string, unknown>>, options?: PublishOptions): Promise<string>
  /**
   * What came after that id (exclusive), oldest first; without one, the newest `count` (before an id, where one is given). Throws
   * UpstreamError where Redis is away.
   */
  read(channel: string, range: ReadRange): Promise<readonly StreamEntry[]>
  /**
   * The newest message of a channel, by the order of its stream: published through Helix with `latest: key`, or in any other way. Who writes
   * that key without us counts until the next message. Throws UpstreamError where Redis is away.
   */
  latest(channel: string, key: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /**
   * Every message of these channels from now on, whoever published it; what a foreign publisher only PUBLISHed has been appended by then
   * (one process bridges a channel at a time). `onGap` is told when the connection was lost and what came meanwhile could not all be read,
   * with the number of messages that are missing where it is known; and, with the next message, of a time in which nobody heard the channel
   * where it has foreign publishers. `onRefused` is told of each message of a foreign publisher that is no entry: too large, no JSON object,
   * nested without end. Resolves once it listens; where Redis is away, after the first attempt:
   * it then begins when Redis comes.
   */
  subscribe(
    channels: readonly string[],
    onEntry: (entry: StreamEntry) => void,
    onGap?: (channel: string, lost: number | undefined) => void,
    onRefused?: (channel: string, why: Refused) => void,
  ): Promise<Subscription>
  /**
   * What foreign publishers only PUBLISH on a channel is appended to its stream, for whoever reads that in another way; nothing of what Helix
   * itself publishes is read. `onHeard` is told of each message that is published, before it need be in the stream.
   */
  bridge(channel: string, listeners: { onHeard(): void; onRefused(why: Refused): void }): Promise<Subscription>
  /** Ends its connections and what is still subscribed. */
  close(): Promise<void>
}

export interface StreamsDeps {
  /** Ordinary commands go through it; what needs a connection of its own gets one like it. */
  readonly redis: Pick<RedisConnection, 'client'>
  readonly clock: Clock
  readonly log: Log
  /** Where it is on, messages carry the W3C `traceparent` in a field of that name. */
  readonly tracing?: Tracing
  /** Entries kept for each channel, about. */
  readonly maxLength?: number
  /** Largest message, in bytes of JSON. */
  readonly maxBytes?: number
  /** How long after the death of the process that bridges a channel another one takes over, at most. */
  readonly leaseMs?: number
}

export const streamsDefaults = { maxLength: 10_000, maxBytes: 262_144, leaseMs: 3_000 } as const

export function createStreams({ redis, clock, log, tracing = noTracing, ...given }: StreamsDeps): Streams {
  const limits = { ...streamsDefaults, ...given }
  const publisher = ownConnection(redis.client, log)
  const subscriptions = new Set<Promise<Subscription>>()

  async function begin(given: Subscribed): Promise<Subscription> {
    const starting = subscribe({ redis: redis.client, publisher, clock, log, ...limits }, given)
    subscriptions.add(starting)
    const { stop } = await starting
    return {
      async stop() {
        if (subscriptions.delete(starting)) await stop()
      },
    }
  }

  return {
    publish: createPublish({ client: publisher, tracing, ...limits }),
    read: (channel, range) => readEntries(redis.client, channel, range),
    latest: (channel, key) => readLatest(redis.client, channel, key),
    subscribe: (channels, onEntry, onGap = () => {}, onRefused = () => {}) =>
      begin({ channels: [...new Set(channels)], onEntry, onGap, onRefused }),
    bridge: (channel, { onHeard, onRefused }) =>
      begin({ channels: [channel], onHeard, onRefused: (_, why) => onRefused(why), onGap: () => {} }),
    async close() {
      await Promise.all([...subscriptions].map(async (subscription) => (await subscription).stop()))
      publisher.disconnect()
    },
  }
}
