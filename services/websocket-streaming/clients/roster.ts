import { z } from 'zod'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { channels } from '#src/kernel/channels.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { redisFault } from '#src/streams/publish.ts'
import { jsonObject } from '#src/streams/stream-entry.ts'
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
/** What replicas say to each other. */
const between = z.discriminatedUnion('event', [
  z.object({ event: z.literal('client_connected'), client: clientCard }),
  z.object({ event: z.literal('client_disconnected'), client: clientCard }),
  z.object({
    event: z.literal('disconnect'),
    connection: z.string().optional(),
    client_id: z.string().optional(),
    by: z.string(),
    reason: z.string().optional(),
  }),
])
type Order = Extract<z.output<typeof between>, { event: 'disconnect' }>
/** Comings and goings that are remembered until every replica has reported them. */
const MOST_NEWS = 2_000

export function createRoster({ replica, redis, streams, sessions, clock, log }: RosterDeps): Roster {
  const now = () => clock.now().getTime()
  /** By connection: who came, or `gone`, and when it was heard. */
  const news = new Map<string, { readonly at: number; readonly client: ClientCard | 'gone' }>()

  function remember({ connection }: ClientCard, client: ClientCard | 'gone'): void {
    news.delete(connection)
    news.set(connection, { at: now(), client })
    const [oldest] = news.keys()
    if (oldest !== undefined && news.size > MOST_NEWS) news.delete(oldest)
  }

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
    const read = Object.entries(rows).map(([name, text]) => ({ name, ...reported(text) }))
    const old = read.filter(({ at }) => at < now() - GOOD_FOR_MS).map(({ name }) => name)
    if (old.length > 0) await redis.client.hdel(KEY, ...old).catch((cause) => Promise.reject(redisFault(cause, 'list clients')))
    return read.filter(({ name }) => name !== replica && !old.includes(name))
  }

  /** Reports are some seconds old: what was heard since completes them. */
  async function list() {
    const all = [own(), ...(await others())]
    const clients = new Map(all.flatMap((each) => each.clients.map((client) => [client.connection, client])))
    let total = all.reduce((sum, each) => sum + each.total, 0)
    for (const [connection, { at, client }] of news) {
      if (at < now() - GOOD_FOR_MS) news.delete(connection)
      else if (client === 'gone' && clients.delete(connection)) total -= 1
      else if (client !== 'gone' && client.replica !== replica && !clients.has(connection)) {
        clients.set(connection, client)
        total += 1
      }
    }
    return { total, clients: [...clients.values()] }
  }

  function obey(order: Order): void {
    for (const session of sessions.all) {
      const card = session.card()
      if (!card || !isMeant(card, order)) continue
      log.info({ connection: card.connection, subject: card.subject, by: order.by }, 'a client was disconnected by an admin')
      session.end(closeCodes.forbidden, order.reason ?? 'Disconnected by an admin.')
    }
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
      const { data } = between.safeParse(message)
      if (data?.event === 'client_connected') remember(data.client, data.client)
      else if (data?.event === 'client_disconnected') remember(data.client, 'gone')
      else if (data) obey(data)
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

/** What another version of this service writes, and this one cannot read, is as old as can be. */
function reported(text: string): Snapshot {
  return snapshot.safeParse(jsonObject(text)).data ?? { at: 0, total: 0, clients: [] }
}

function isMeant({ connection, client_id }: ClientCard, meant: Meant): boolean {
  if (meant.connection !== undefined) return connection === meant.connection
  return meant.client_id !== undefined && client_id === meant.client_id
}
