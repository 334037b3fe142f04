import { randomUUID } from 'node:crypto'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import { ownConnection } from '#src/streams/own-connection.ts'
import type { Streams, Subscription } from '#src/streams/streams.ts'
import { createStreamReader, type StreamReader } from './stream-reader.ts'
import { boundStreams, echoNews, takeStreams } from './stream-rows.ts'
import { forgetTold } from './told.ts'

export interface EchoWorkerParts {
  readonly store: Store
  readonly redis: Pick<RedisConnection, 'client'>
  readonly streams: Pick<Streams, 'bridge'>
  readonly delivery: Pick<Delivery, 'revise' | 'post' | 'forget'>
  readonly clock: Clock
  readonly log: Log
  /** How long after the death of the process that reads a stream another one goes on, in ms. */
  readonly leaseMs?: number
}

export interface EchoWorker {
  start(): Promise<void>
  /** What was read is written down; other processes go on at once. */
  stop(): Promise<void>
}

/** In ms: streams that nobody reads are looked for, and messages that have served are forgotten. */
const tending = { everyMs: 3_000, forgetMs: 600_000, leaseMs: 20_000 } as const
/** Streams that one process takes over at once: of several each gets some. */
const TAKEN_AT_ONCE = 4

/** Reads the streams that are bound somewhere: of any number of processes one each. All of them hear what foreign publishers send. */
export function createEchoWorker(parts: EchoWorkerParts): EchoWorker {
  const { store, redis, streams, delivery, clock, log, leaseMs = tending.leaseMs } = parts
  const consumer = randomUUID()
  const client = ownConnection(redis.client, log)
  const readers = new Map<string, StreamReader>()
  const bridges = new Map<string, Subscription>()
  let ear: Subscription | undefined
  let forgotAt = Number.NEGATIVE_INFINITY

  const loop = createLoop(async (signal) => {
    try {
      return await tend(signal)
    } catch (err) {
      log.warn({ err }, 'streams cannot be looked after now')
      return tending.everyMs
    }
  }, clock)

  async function tend(signal: AbortSignal): Promise<number> {
    const taken = await takeStreams(store, leaseMs, TAKEN_AT_ONCE)
    for (const each of taken) {
      // Its former reader here lost the lease, and will find that out.
      const reader = createStreamReader({ taken: each, redis: client, consumer, store, delivery, leaseMs, clock, log, onEnd })
      readers.set(each.stream, reader)
      function onEnd(): void {
        if (readers.get(each.stream) === reader) readers.delete(each.stream)
        void reader.stop().catch((err) => log.warn({ err, stream: each.stream }, 'a stream could not be left'))
      }
    }
    await bridge(await boundStreams(store), signal)
    const now = clock.now().getTime()
    if (now - forgotAt >= tending.forgetMs) {
      forgotAt = now
      await forgetTold(store, delivery, clock.now())
    }
    return taken.length === TAKEN_AT_ONCE ? 0 : tending.everyMs
  }

  /** Whoever reads a stream or may come to do so hears its channel: what only publishes is in the stream then. */
  async function bridge(bound: readonly string[], signal: AbortSignal): Promise<void> {
    for (const [stream, subscription] of bridges) {
      if (bound.includes(stream)) continue
      bridges.delete(stream)
      await subscription.stop()
    }
    for (const stream of bound) {
      if (bridges.has(stream) || signal.aborted) continue
      const listeners = { onHeard: () => readers.get(stream)?.wake(), onRefused: () => readers.get(stream)?.refused() }
      bridges.set(stream, await streams.bridge(stream, listeners))
    }
  }

  return {
    async start() {
      ear ??= await store.listen(echoNews, loop.wake)
      loop.start()
    },
    async stop() {
      await ear?.stop()
      await loop.stop()
      await Promise.all([...readers.values()].map((reader) => reader.stop()))
      await Promise.all([...bridges.values()].map((subscription) => subscription.stop()))
      client.disconnect()
    },
  }
}
