import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Clock } from '#src/kernel/clock.ts'
import type { Account } from '../model.ts'
import { bareMember, guildCreate, memberShape } from '../shapes.ts'
import type { World } from '../world.ts'
import { serveConnection } from './connection.ts'
import type { Events } from './events.ts'
import { refusedIntents } from './intents.ts'
import type { Line, Session, Sessions } from './sessions.ts'

export interface GatewayDeps {
  readonly world: World
  readonly wire: Clock
  readonly sessions: Sessions
  readonly events: Events
  /** `ws://127.0.0.1:PORT/gateway` */
  readonly address: () => string
  readonly heartbeatMs: number
  readonly maxConcurrency: number
  /** Op 4: a session joins or leaves a voice channel. */
  voice(session: Session, wish: Readonly<Record<string, unknown>>): void
}

export interface Gateway {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** The `session_start_limit` of `GET /gateway/bot`. */
  startLimit(): object
  close(): void
}

const identifiesPerDay = 1000
const day = 86_400_000

/** The emulated gateway, version 10 for the bot and 9 for people, on one path. */
export function createGateway({ world, wire, sessions, events, address, heartbeatMs, maxConcurrency, voice }: GatewayDeps): Gateway {
  const server = new WebSocketServer({ noServer: true, maxPayload: 65_536 })
  const lines = new Set<Line>()
  const identified: { readonly at: number; readonly key: number }[] = []

  const recent = () => {
    const since = wire.now().getTime() - day
    while (identified.length > 0 && (identified[0]?.at ?? 0) < since) identified.shift()
    return identified
  }
  const identify = (d: Readonly<Record<string, unknown>>, line: Line): Session | number | undefined => {
    const account = world.accounts.find(({ token }) => token === d.token)
    if (!account) return 4004
    return account.kind === 'bot' ? identifyBot(account, d, line) : greetUser(account, line)
  }
  const identifyBot = (account: Account, d: Readonly<Record<string, unknown>>, line: Line) => {
    const refused = refusedIntents(d.intents)
    if (refused) return refused
    const shard = (d.shard ?? [0, 1]) as [number, number]
    if (!(shard[0] >= 0 && shard[0] < shard[1])) return 4010
    const now = wire.now().getTime()
    const key = shard[0] % maxConcurrency
    // https://docs.discord.com/developers/events/gateway#rate-limiting: one identify per key in 5 s.
    if (recent().some((earlier) => earlier.key === key && earlier.at > now - 5000)) return undefined
    if (identified.length >= identifiesPerDay) return 4004
    identified.push({ at: now, key })
    return greetBot(account, Number(d.intents), shard, line)
  }
  const greetBot = (account: Account, intents: number, shard: [number, number], line: Line) => {
    const session = sessions.open(account, intents, shard, line)
    const own = events.onShard(session)
    const member = world.members.get(account.id)
    const { guild, application } = world
    const guilds = own ? [{ id: guild.id, unavailable: true }] : []
    sessions.send(session, 'READY', { ...ready(session, 10), shard, guilds, application: { id: application.id, flags: 0 } })
    // Without the Presences intent the members are the bot and who is in a voice channel.
    const shown = [...world.members.values()].filter(({ user }) => user.id === account.id || world.voice.has(user.id))
    if (own && member && intents & 1) sessions.send(session, 'GUILD_CREATE', guildCreate(world, member, shown))
    return session
  }
  const greetUser = (account: Account, line: Line) => {
    const session = sessions.open(account, 0, [0, 1], line)
    const member = world.members.get(account.id)
    const guilds = member ? [guildCreate(world, member, [...world.members.values()])] : []
    const more = { users: [], relationships: [], private_channels: [], merged_members: member ? [[bareMember(member)]] : [] }
    sessions.send(session, 'READY', { ...ready(session, 9), guilds, ...more })
    return session
  }
  const ready = ({ id, account }: Session, v: number) => ({
    v,
    user: { ...world.members.get(account.id)?.user, verified: true, mfa_enabled: false, email: null },
    session_id: id,
    resume_gateway_url: address(),
    session_type: 'normal',
    user_settings: {},
  })
  const operate = (session: Session, op: number, d: unknown) => {
    const body = (d ?? {}) as Readonly<Record<string, unknown>>
    if (op === 3) return true
    if (op === 4) {
      voice(session, body)
      return true
    }
    if (op !== 8) return false
    sendMembers(session, body)
    return true
  }
  const sendMembers = (session: Session, { guild_id, user_ids, query, limit, nonce }: Readonly<Record<string, unknown>>) => {
    const wanted = user_ids === undefined ? undefined : [user_ids].flat().map(String)
    const named = (username: string) => username.startsWith(String(query ?? '').toLowerCase())
    const found = [...world.members.values()].filter(({ user }) => (wanted ? wanted.includes(user.id) : named(user.username)))
    const members = (Number(limit) > 0 && !wanted ? found.slice(0, Number(limit)) : found).map(memberShape)
    const not_found = wanted?.filter((id) => !world.members.has(id)) ?? []
    sessions.send(session, 'GUILD_MEMBERS_CHUNK', { guild_id, members, chunk_index: 0, chunk_count: 1, not_found, nonce })
  }

  return {
    upgrade: (request, socket, head) => {
      if (!/^\/gateway\/?(\?|$)/.test(request.url ?? '')) return false
      server.handleUpgrade(request, socket, head, (client) => {
        const line = serveConnection(client, {
          wire,
          sessions,
          heartbeatMs,
          identify,
          operate,
          onClose: (closed) => lines.delete(closed),
        })
        lines.add(line)
        if (!/[?&]v=(9|10)(&|$)/.test(request.url ?? '')) line.close(4012, 'Invalid API version')
      })
      return true
    },
    startLimit: () => ({
      total: identifiesPerDay,
      remaining: identifiesPerDay - recent().length,
      reset_after: identified[0] ? identified[0].at + day - wire.now().getTime() : 0,
      max_concurrency: maxConcurrency,
    }),
    close: () => {
      sessions.close()
      for (const line of lines) line.close('cut')
      server.close()
    },
  }
}
