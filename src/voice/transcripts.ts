import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Report } from '#src/kernel/report.ts'
import { voiceDefaults } from './voice-settings.ts'

/** What a member said to Helix, secrets masked. */
export interface Spoken {
  /** Of the exchange, which is the subject of its message as well. */
  readonly id: string
  readonly place: Place
  readonly user: string
  readonly text: string
}

export interface Became {
  /** The first of the exchange that is kept. */
  readonly isNew: boolean
  readonly command: string | undefined
  /** What came of it; undefined: a question waits. */
  readonly outcome: string | undefined
}

/** What was said to Helix, for as long as the guild's policy says; what was said to others never comes here. */
export interface Transcripts {
  /** Answers false where the words were taken back since: they must not be shown again. */
  keep(spoken: Spoken, became: Became, tx: Transaction): Promise<boolean>
  /** Exchanges of a guild whose question nobody answered. */
  open(guild: string): Promise<readonly Spoken[]>
  /** Takes a member's words back, from the messages in Discord as well. Answers from how many. */
  forget(guild: string, user: string): Promise<number>
  /** Forgets what is older than its guild's policy, with the copies of the messages (those in Discord stay). Answers how many. */
  prune(): Promise<number>
}

export interface TranscriptsParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'newest' | 'revise' | 'forget'>
  readonly clock: Clock
}

/** The fact of an exchange's message that holds what was said; no other part of it does. */
export const heardLabel = 'Heard'

export function createTranscripts({ store, delivery, clock }: TranscriptsParts): Transcripts {
  const kept = () => store.db.selectFrom('voice_transcripts')
  return {
    async keep({ id, place, user, text }, { isNew, command, outcome }, tx) {
      const { guild, project, environment } = place
      const said = { text, command: command ?? null, outcome: outcome ?? null }
      if (!isNew) {
        const { numUpdatedRows } = await tx.updateTable('voice_transcripts').set(said).where('id', '=', id).executeTakeFirst()
        return numUpdatedRows === 1n
      }
      await tx
        .insertInto('voice_transcripts')
        .values({ id, guild, project, environment, user_id: user, at: clock.now(), ...said })
        .execute()
      return true
    },
    async open(guild) {
      return (await kept().selectAll().where('guild', '=', guild).where('outcome', 'is', null).execute()).map(spokenOf)
    },
    async forget(guild, user) {
      const rows = await kept().selectAll().where('guild', '=', guild).where('user_id', '=', user).execute()
      for (const { id, place } of rows.map(spokenOf)) {
        const shown = await delivery.newest(id)
        await store.db.transaction().execute(async (tx) => {
          if (shown) await delivery.revise(tx, id, withoutWords(shown), place)
          await tx.deleteFrom('voice_transcripts').where('id', '=', id).execute()
        })
      }
      return rows.length
    },
    async prune() {
      const old = await kept()
        .leftJoin('voice_settings', 'voice_settings.guild', 'voice_transcripts.guild')
        .select('voice_transcripts.id')
        .where(
          sql<boolean>`voice_transcripts.at < ${clock.now()}::timestamptz - make_interval(days => coalesce(voice_settings.keep_days, ${voiceDefaults.keepDays}))`,
        )
        .execute()
      const ids = old.map(({ id }) => id)
      if (ids.length === 0) return 0
      await store.db.transaction().execute(async (tx) => {
        await delivery.forget(tx, ids)
        await tx.deleteFrom('voice_transcripts').where('id', 'in', ids).execute()
      })
      return ids.length
    },
  }
}

function spokenOf(row: { id: string; guild: string; project: string; environment: string; user_id: string; text: string }): Spoken {
  const { id, guild, project, environment, user_id, text } = row
  return { id, place: { guild, project, environment }, user: user_id, text }
}

/** An exchange's message without what was said. */
export function withoutWords(report: Report): Report {
  const facts = (report.facts ?? []).map((fact) => (fact.label === heardLabel ? { ...fact, value: 'not kept any more' } : fact))
  return { ...report, facts }
}
