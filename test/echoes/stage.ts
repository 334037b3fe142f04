import { Redis } from 'ioredis'
import { vi } from 'vitest'
import type { MessageBody } from '#src/adapters/discord/discord.ts'
import { createRedis } from '#src/adapters/redis/redis.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { createEchoes } from '#src/echoes/create-echoes.ts'
import { createEchoWorker, type EchoWorker } from '#src/echoes/echo-worker.ts'
import type { Echoes } from '#src/echoes/echoes.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Report } from '#src/kernel/report.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { createStreams, type Streams, type StreamsDeps } from '#src/streams/streams.ts'
import { type DiscordDouble, discordDouble } from '#test/delivery/discord-double.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'

export const place = { guild: '1', project: 'p', environment: 'e' }
export const call: Call = {
  ...{ key: 'k', command: 'stream.bind', raw: {}, door: 'slash', place },
  actor: { kind: 'member', id: '9', name: 'Ada' },
}

/** One bot's part of echoes. */
export interface Bot {
  readonly worker: EchoWorker
  readonly streams: Streams
  readonly log: ReturnType<typeof quietLog>
  stop(): Promise<void>
}

export interface BotGiven {
  readonly clock?: Clock
  readonly redisUrl?: string
  readonly maxLength?: number
  readonly leaseMs?: number
}

/** Real PostgreSQL, real Redis, and a Discord that keeps what it is told. */
export interface EchoStage {
  readonly store: Store
  readonly databaseUrl: string
  readonly server: RedisServer
  /** A connection like those of other programs. */
  readonly redis: Redis
  readonly discord: DiscordDouble
  /** Channels that somebody deleted. */
  readonly gone: Set<string>
  readonly delivery: Delivery
  readonly echoes: Echoes
  /** When each request to a channel began, in ms by the clock. */
  readonly requests: { readonly at: number; readonly channel: string | undefined }[]
  bot(given?: BotGiven): Promise<Bot>
  /** Only publishes. */
  publisher(given?: BotGiven): Promise<Pick<Bot, 'streams' | 'stop'>>
  /** The newest text of each message of the channel, oldest message first. */
  texts(): readonly string[]
  /** Waits, generously, until the check holds. */
  eventually(check: () => unknown): Promise<unknown>
  stop(): Promise<void>
}

/** The rest of a report, in a message's text: so a test sees all that a reader would. */
async function render({ title, sentence, facts = [], table }: Report): Promise<MessageBody> {
  const lines = [
    title,
    sentence,
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...[table?.head ?? [], ...(table?.rows ?? [])].map((row) => row.join(' | ')),
  ]
  return { content: lines.filter(Boolean).join('\n'), embeds: [], components: [] }
}

export async function echoStage({
  clock = hurriedClock(20),
  standIn = false,
}: {
  clock?: Clock
  standIn?: boolean
} = {}): Promise<EchoStage> {
  const [database, server] = await Promise.all([createTestDatabase(), redisServer({ standIn })])
  const store = createStore({ url: database.url, poolSize: 8, log: quietLog() })
  const discord = discordDouble()
  const requests: { at: number; channel: string | undefined }[] = []
  discord.before = async (_what, _message, channel) => void requests.push({ at: clock.now().getTime(), channel })
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const endings: (() => unknown)[] = []
  const delivery = createDelivery({ store, messages: discord, clock, log: quietLog(), render })
  await delivery.start()

  const gone = new Set<string>()
  const names = async () => ({
    channel(typed: string) {
      if (['c', 'd'].includes(typed)) return typed
      throw new UserError(`There is no text channel “${typed}” that Helix sees.`)
    },
    channelName: (id: string) => id,
    hasChannel: (id: string) => !gone.has(id),
  })

  async function connect(given: BotGiven) {
    const log = quietLog()
    const connection = createRedis({ url: given.redisUrl ?? server.url, log })
    const time = given.clock ?? clock
    const limits: Partial<StreamsDeps> = { leaseMs: 300, ...(given.maxLength !== undefined && { maxLength: given.maxLength }) }
    const streams = createStreams({ redis: connection, clock: time, log, ...limits })
    const close = async () => {
      await streams.close()
      await connection.close()
    }
    return { streams, connection, time, log, close }
  }

  async function publisher(given: BotGiven = {}) {
    const { streams, close } = await connect(given)
    return { streams, stop: ending(close) }
  }

  /** Once, at the latest with the stage. */
  function ending(end: () => Promise<void>): () => Promise<void> {
    let done: Promise<void> | undefined
    const once = () => (done ??= end())
    endings.push(once)
    return once
  }

  return {
    ...{ store, server, redis, discord, gone, delivery, requests, databaseUrl: database.url },
    echoes: createEchoes({ store, delivery, names, clock }),
    publisher,
    async bot(given = {}) {
      const { streams, connection, time, log, close } = await connect(given)
      const worker = createEchoWorker({ store, redis: connection, streams, delivery, clock: time, log, leaseMs: given.leaseMs ?? 2_000 })
      await worker.start()
      const stop = ending(async () => {
        await worker.stop()
        await close()
      })
      return { worker, streams, log, stop }
    },
    texts: () => [...discord.history.values()].map((texts) => texts.at(-1)!),
    eventually: (check) => vi.waitFor(check, { timeout: 30_000, interval: 20 }),
    async stop() {
      for (const end of endings.reverse()) await end()
      await delivery.stop()
      redis.disconnect()
      await store.close()
      await Promise.all([database.drop(), server.stop()])
    },
  }
}
