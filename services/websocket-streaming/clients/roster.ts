import { z } from 'zod'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { channels } from '#src/streams/channels.ts'
import { redisFault } from '#src/streams/publish.ts'
import type { Streams } from '#src/streams/streams.ts'
import { closeCodes } from '../close-codes.ts'
import { type ClientCard, clientCard } from './client-card.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

export interface RosterDeps {
  readonly replica: string
  readonly redis: RedisConnection
  readonly streams: Pick<Streams, 'publish'>
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Log
}

/** Whose connections are meant; one of the two at least. */
export interface Meant {
  readonly connection?: string | undefined
  readonly client_id?: string | undefined
}

/** The clients of all replicas: whichever an admin is connected to, all are seen and any can be disconnected. */
export interface Roster {
  opened(session: Session): void
  ended(session: Session, code: number): void
  /** Throws UpstreamError where Redis is away. */
  list(): Promise<{ total: number; clients: ClientCard[] }>
  /** Every replica closes those of its own. Answers how many are meant. Throws UpstreamError where Redis is away. */
  disconnect(meant: Meant, by: string, reason: string | undefined): Promise<number>
  /** A message of the channel between the replicas. */
  heard(message: Readonly<Record<string, unknown>>): void
  /** Says which clients this replica has; the others believe it for 15 s. */
  report(): Promise<void>
  leave(): Promise<void>
}

const KEY = 'helix:streaming:replicas'
/** How many of one replica are listed by name. */
const MOST_LISTED = 2_000
const GOOD_FOR_MS = 15_000
const snapshot = z.object({ at: z.number(), total: z.number(), clients: z.array(clientCard) })
type Snapshot = z.output<typeof snapshot>
const order = z.object({
  event: z.literal('disconnect'),
  connection: z.string().optional(),
  client_id: z.string().optional(),
  by: z.string(),
  reason: z.string().optional(),
})

export function createRoster({ replica, redis, streams, sessions, clock, log }: RosterDeps): Roster {
  const now = () => clock.now().getTime()

  function own(): Snapshot {
    const cards = [...sessions.all].flatMap((session) => session.card() ?? [])
    return { at: now(), total: cards.length, clients: cards.slice(0, MOST_LISTED) }
  }

  function announce(message: Readonly<Record<string, unknown>>): void {
    streams
      .publish(channels.streamingClients, { ...message, timestamp: clock.now().toISOString() })
      // Whoever looks at the list sees it all the same.
      .catch((err) => log.debug({ err }, 'the other replicas were not told of a client'))
  }

  async function others(): Promise<readonly Snapshot[]> {
    const rows = await redis.client.hgetall(KEY).catch((cause) => Promise.reject(redisFault(cause, 'list clients')))
    const read = Object.entries(rows).map(([name, text]) => ({ name, ...snapshot.parse(JSON.parse(text)) }))
    const old = read.filter(({ at }) => at < now() - GOOD_FOR_MS).map(({ name }) => name)
    if (old.length > 0) await redis.client.hdel(KEY, ...old).catch((cause) => Promise.reject(redisFault(cause, 'list clients')))
    return read.filter(({ name }) => name !== replica && !old.includes(name))
  }

  async function list() {
    const all = [own(), ...(await others())]
    return { total: all.reduce((sum, { total }) => sum + total, 0), clients: all.flatMap(({ clients }) => clients) }
  }

  return {
    opened: (session) => announce({ event: 'client_connected', client: session.card() }),
    ended(session, code) {
      const card = session.card()
      if (card) announce({ event: 'client_disconnected', client: card, code })
    },
    list,
    async disconnect(meant, by, reason) {
      const { clients } = await list()
      const found = clients.filter((client) => isMeant(client, meant)).length
      if (found > 0) await streams.publish(channels.streamingClients, { event: 'disconnect', ...meant, by, ...(reason && { reason }) })
      return found
    },
    heard(message) {
      const read = order.safeParse(message)
      if (!read.success) return
      for (const session of sessions.all) {
        const card = session.card()
        if (!card || !isMeant(card, read.data)) continue
        log.info({ connection: card.connection, subject: card.subject, by: read.data.by }, 'a client was disconnected by an admin')
        session.end(closeCodes.forbidden, read.data.reason ?? 'Disconnected by an admin.')
      }
    },
    async report() {
      try {
        await redis.client.hset(KEY, replica, JSON.stringify(own()))
      } catch (cause) {
        log.debug({ err: cause }, 'the other replicas were not told which clients are here')
      }
    },
    async leave() {
      await redis.client.hdel(KEY, replica).catch((err) => log.debug({ err }, 'this replica stays listed for some seconds'))
    },
  }
}

function isMeant({ connection, client_id }: ClientCard, meant: Meant): boolean {
  if (meant.connection !== undefined) return connection === meant.connection
  return meant.client_id !== undefined && client_id === meant.client_id
}
