import { EventEmitter } from 'node:events'
import { Redis } from 'ioredis'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createStreams, type StreamEntry, type Streams, type StreamsDeps } from '#src/streams/streams.ts'
import { awaitEvent } from './await-event.ts'
import { quietLog } from './quiet-log.ts'

/** One process' streams, with what it logged. */
export interface StreamsPeer {
  readonly streams: Streams
  readonly redis: RedisConnection
  readonly log: ReturnType<typeof quietLog>
  close(): Promise<void>
}

export function streamsPeer(url: string, given: Partial<StreamsDeps> = {}): StreamsPeer {
  const log = quietLog()
  const redis = createRedis({ url, log })
  const streams = createStreams({ redis, clock: systemClock(), log, leaseMs: 300, ...given })
  return {
    streams,
    redis,
    log,
    async close() {
      await streams.close()
      await redis.close()
    },
  }
}

/** Keeps what it hears, for tests that wait for it. */
export interface Heard {
  readonly entries: StreamEntry[]
  readonly gaps: (number | undefined)[]
  onEntry(entry: StreamEntry): void
  onGap(channel: string, lost: number | undefined): void
  /** Resolves once that many entries came. */
  count(many: number): Promise<readonly StreamEntry[]>
  /** Resolves once that many gaps were told. */
  gap(many: number): Promise<unknown>
}

export function hearing(): Heard {
  const changed = new EventEmitter()
  const entries: StreamEntry[] = []
  const gaps: (number | undefined)[] = []
  return {
    entries,
    gaps,
    onEntry(entry) {
      entries.push(entry)
      changed.emit('change')
    },
    onGap(_channel, lost) {
      gaps.push(lost)
      changed.emit('change')
    },
    count: (many) =>
      awaitEvent(
        changed,
        () => (entries.length >= many ? entries : undefined),
        () => `${entries.length} entries of ${many}`,
      ),
    gap: (many) =>
      awaitEvent(
        changed,
        () => (gaps.length >= many ? gaps : undefined),
        () => `${gaps.length} gaps of ${many}`,
      ),
  }
}

/** What existing clients do: SUBSCRIBE, and PUBLISH without a stream. */
export async function foreignClient(url: string, ...channels: readonly string[]) {
  const client = new Redis(url)
  const changed = new EventEmitter()
  const texts: string[] = []
  client.on('error', () => {})
  client.on('message', (_channel, text: string) => {
    texts.push(text)
    changed.emit('change')
  })
  if (channels.length > 0) await client.subscribe(...channels)
  else await client.ping()
  return {
    client,
    texts,
    heard: (many: number) =>
      awaitEvent(
        changed,
        () => (texts.length >= many ? texts : undefined),
        () => `${texts.length} texts of ${many}`,
      ),
    close: () => client.disconnect(),
  }
}
