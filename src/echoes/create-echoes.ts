import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { actorName, type Call } from '#src/kernel/call.ts'
import { channels } from '#src/kernel/channels.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { between, boundOf, fromNow } from './binding-rows.ts'
import { emptyBoard } from './board.ts'
import type { Binding, Echoes } from './echoes.ts'
import { scoreboard } from './scoreboard.ts'
import { echoNews, lockStream } from './stream-rows.ts'
import { tallyFrom } from './tally.ts'
import { timeOfDay } from './words.ts'

/** The text channels of a Discord server. */
export interface ChannelNames {
  /** By id, mention or name. Throws UserError for one that is not there or that Helix may not post in. */
  channel(typed: string): string
  channelName(id: string): string
  /** Whether the channel is there; true where that is not known. */
  hasChannel(id: string): boolean
}

export interface EchoesParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'revise' | 'post'>
  readonly names: (guild: string) => Promise<ChannelNames>
  readonly clock: Clock
}

/** One channel is edited once a second, for all that is shown in it. */
const MOST_IN_A_CHANNEL = 10
const MOST_IN_A_GUILD = 100

/** What is bound where. Reading and showing is the worker's, in whatever process. */
export function createEchoes({ store, delivery, names, clock }: EchoesParts): Echoes {
  const nothing = tallyFrom({ newest: '0-0', added: 0 })

  return {
    async bind(call, { stream, channel: typed, mode }) {
      if (!Object.values<string>(channels).includes(stream)) throw new UserError(`There is no stream “${stream}”, so nothing was bound.`)
      const known = await names(call.place.guild)
      const channel = known.channel(typed ?? whereOf(call))
      const now = clock.now()
      const bound = await store.db.transaction().execute(async (tx) => {
        const { tally, board } = (await lockStream(tx, stream)) ?? {}
        const before = await tx
          .selectFrom('echo_bindings')
          .selectAll()
          .where('stream', '=', stream)
          .where('channel', '=', channel)
          .executeTakeFirst()
        if (before && before.mode === mode && before.trouble === null) {
          throw new UserError(`${stream} is shown there already, as ${mode}. Nothing was changed.`)
        }
        if (before) {
          const changed = { mode, ...(before.trouble !== null && { tries: 0, trouble_since: now, retry_at: now }) }
          const row = await tx
            .updateTable('echo_bindings')
            .set(changed)
            .where('id', '=', before.id)
            .returningAll()
            .executeTakeFirstOrThrow()
          return boundOf(row)
        }
        await mustHaveRoom(call, channel)
        const { since, shown } = fromNow(tally, board, now.getTime())
        const { guild, project, environment } = call.place
        const row = await tx
          .insertInto('echo_bindings')
          .values({
            ...{ id: randomUUID(), guild, project, environment, stream, channel, mode },
            ...{ bound_by: actorName(call.actor), bound_at: now, since: JSON.stringify(since), shown: JSON.stringify(shown) },
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const binding = boundOf(row)
        const look = { stream, tally: tally ?? nothing, board: board ?? emptyBoard, perSecond: 0, outSince: undefined }
        await delivery.revise(tx, binding.id, scoreboard(binding, look, now.getTime()), binding.place)
        await delivery.post(tx, { subject: binding.id, place: binding.place, channel, paced: true })
        await sql`SELECT pg_notify(${echoNews}, '')`.execute(tx)
        return binding
      })
      return { ...bound, where: `#${known.channelName(channel)}` }
    },
    async unbind(call, { stream, channel: typed }) {
      const { place, actor } = call
      const all = await boundTo(place.guild, stream)
      const known = await namesOf(place.guild)
      const wanted = typed ?? whereOf(call)
      const found = all.find(({ channel }) =>
        [channel, `<#${channel}>`, `#${known.channelName(channel)}`, known.channelName(channel)].includes(wanted),
      )
      if (!found) throw new UserError(`${stream} is not shown there, so nothing was changed. /stream list shows what is.`)
      const { channel } = found
      const bound = await store.db.transaction().execute(async (tx) => {
        await lockStream(tx, stream)
        const row = await tx
          .deleteFrom('echo_bindings')
          .where('guild', '=', place.guild)
          .where('stream', '=', stream)
          .where('channel', '=', channel)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw new UserError(`${stream} is not shown there, so nothing was changed. /stream list shows what is.`)
        const binding = boundOf(row)
        await delivery.revise(
          tx,
          binding.id,
          {
            title: `${stream}, not live any more`,
            tone: 'neutral',
            sentence: `${actorName(actor)} ended this at ${timeOfDay(clock.now())}: ${stream} is not shown here any more.`,
          },
          binding.place,
        )
        await sql`SELECT pg_notify(${echoNews}, '')`.execute(tx)
        return binding
      })
      return { ...bound, where: where(known, channel) }
    },
    async list({ guild }) {
      const rows = await store.db
        .selectFrom('echo_bindings')
        .leftJoin('echo_streams', 'echo_streams.stream', 'echo_bindings.stream')
        .selectAll('echo_bindings')
        .select(['echo_streams.tally', 'echo_streams.board'])
        .where('echo_bindings.guild', '=', guild)
        .orderBy('echo_bindings.channel')
        .orderBy('echo_bindings.stream')
        .execute()
      const known = rows.length === 0 ? unknown : await namesOf(guild)
      return rows.map(({ tally, board, ...row }) => {
        const { since, shown: _, ...binding } = boundOf(row)
        const { read, ...missing } = between(since, tally ?? nothing)
        const outSince = board?.outSince === undefined ? undefined : new Date(board.outSince)
        const lastAt = read > 0 && tally?.lastAt !== undefined ? new Date(tally.lastAt) : undefined
        const { channel } = binding
        const trouble = known.hasChannel(channel)
          ? binding.trouble
          : 'The channel was deleted: nothing can be shown there any more. /stream unbind ends it.'
        return { ...binding, trouble, where: where(known, channel), echoed: read, ...missing, lastAt, outSince }
      })
    },
  }

  /** A channel may be gone, and Discord away: what is shown there can be listed and ended all the same. */
  async function namesOf(guild: string): Promise<Pick<ChannelNames, 'channelName' | 'hasChannel'>> {
    try {
      return await names(guild)
    } catch (error) {
      if (error instanceof UpstreamError) return unknown
      throw error
    }
  }

  function boundTo(guild: string, stream: string) {
    return store.db.selectFrom('echo_bindings').select('channel').where('guild', '=', guild).where('stream', '=', stream).execute()
  }

  async function mustHaveRoom({ place: { guild } }: Call, channel: string): Promise<void> {
    const rows: readonly Pick<Binding, 'channel'>[] = await store.db
      .selectFrom('echo_bindings')
      .select('channel')
      .where('guild', '=', guild)
      .execute()
    const here = rows.filter((each) => each.channel === channel).length
    if (here >= MOST_IN_A_CHANNEL)
      throw new UserError(`${MOST_IN_A_CHANNEL} streams are shown there, which is the most. Nothing was bound.`)
    if (rows.length >= MOST_IN_A_GUILD)
      throw new UserError(`${MOST_IN_A_GUILD} streams are shown in this server, which is the most. Nothing was bound.`)
  }
}

const unknown: Pick<ChannelNames, 'channelName' | 'hasChannel'> = { channelName: String, hasChannel: () => true }

function where(names: Pick<ChannelNames, 'channelName' | 'hasChannel'>, channel: string): string {
  return names.hasChannel(channel) ? `#${names.channelName(channel)}` : `a deleted channel (${channel})`
}

function whereOf({ reply, channel }: Call): string {
  const here = reply?.channel ?? channel
  if (here !== undefined) return here
  throw new UserError('Name the channel, such as #ops. Nothing was changed.')
}
