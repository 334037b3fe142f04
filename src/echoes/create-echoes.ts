import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { DiscordInspection } from '#src/adapters/discord/discord.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import { actorName, type Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { andList } from '#src/kernel/say.ts'
import { channels } from '#src/streams/channels.ts'
import { between, boundOf, fromNow } from './binding-rows.ts'
import { emptyBoard } from './board.ts'
import type { Binding, Echoes } from './echoes.ts'
import { scoreboard } from './scoreboard.ts'
import { echoNews, lockStream } from './stream-rows.ts'
import { tallyFrom } from './tally.ts'
import { timeOfDay } from './words.ts'

export interface EchoesParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'revise' | 'post'>
  readonly inspection: Pick<DiscordInspection, 'guild'>
  readonly clock: Clock
}

/** One channel is edited once a second, for all that is shown in it. */
const MOST_IN_A_CHANNEL = 10
const MOST_IN_A_GUILD = 100

/** What is bound where. Reading and showing is the worker's, in whatever process. */
export function createEchoes({ store, delivery, inspection, clock }: EchoesParts): Echoes {
  const nothing = tallyFrom({ newest: '0-0', added: 0 })

  return {
    async bind(call, { stream, channel, mode }) {
      if (!Object.values<string>(channels).includes(stream)) throw new UserError(`There is no stream “${stream}”, so nothing was bound.`)
      await mustBePostable(call.place.guild, channel)
      const now = clock.now()
      return store.db.transaction().execute(async (tx) => {
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
        await delivery.revise(tx, binding.id, scoreboard(binding, look), binding.place)
        await delivery.post(tx, { subject: binding.id, place: binding.place, channel, paced: true })
        await sql`SELECT pg_notify(${echoNews}, '')`.execute(tx)
        return binding
      })
    },
    unbind: ({ place, actor }, { stream, channel }) =>
      store.db.transaction().execute(async (tx) => {
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
      }),
    async list({ guild }) {
      const rows = await store.db
        .selectFrom('echo_bindings')
        .leftJoin('echo_streams', 'echo_streams.stream', 'echo_bindings.stream')
        .selectAll('echo_bindings')
        .select('echo_streams.tally')
        .where('echo_bindings.guild', '=', guild)
        .orderBy('echo_bindings.channel')
        .orderBy('echo_bindings.stream')
        .execute()
      return rows.map(({ tally, ...row }) => {
        const { since, shown: _, ...binding } = boundOf(row)
        const { read, ...missing } = between(since, tally ?? nothing)
        const lastAt = read > 0 && tally?.lastAt !== undefined ? new Date(tally.lastAt) : undefined
        return { ...binding, echoed: read, ...missing, lastAt }
      })
    },
  }

  async function mustBePostable(guild: string, channel: string): Promise<void> {
    const found = (await inspection.guild(guild))?.channels.find(({ id }) => id === channel)
    if (found?.kind !== 'text') throw new UserError('That is no text channel of this server, so nothing was bound.')
    const lacks = found.lacks.filter((each) => each !== 'ReadMessageHistory')
    if (lacks.length > 0) throw new UserError(`Helix lacks ${andList(lacks)} in #${found.name}, so nothing was bound.`)
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
