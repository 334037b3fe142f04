import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Delivery } from './delivery.ts'
import { readRefused, systemChannel } from './refused.ts'
import { readReport, writeReport } from './stored-report.ts'

/** NOTIFY's channel: something became due. */
export const news = 'helix_delivery'

/** How long the door that acknowledged may take for its first answer before the message is edited all the same, in ms. */
const adoptionMs = 10_000

/** What Discord refused longer ago is not told any more, in ms. */
const refusedMs = 86_400_000

/** What is written to the outbox. Whether anybody delivers is another matter. */
export function createOutbox(store: Store, clock: Clock): Omit<Delivery, 'start' | 'stop'> {
  const tell = (tx: Transaction | Store['db']) => sql`SELECT pg_notify(${news}, '')`.execute(tx)
  const unsent = (subject: string, place: Place) => ({ ...row(subject, place, clock.now()), message: null, due_at: clock.now() })
  return {
    async watch(tx, { subject, place, message: { channel, message }, from }) {
      const due_at = from ?? new Date(clock.now().getTime() + adoptionMs)
      await tx
        .insertInto('messages')
        .values({ ...row(subject, place, clock.now()), channel, message, due_at })
        .onConflict((conflict) =>
          conflict.columns(['channel', 'message']).doUpdateSet((row) => ({
            subject,
            shown: 0,
            due_at,
            failures: 0,
            gone: null,
            // Whoever is delivering what was shown there before loses its lease with this.
            lease: sql`${row.ref('messages.lease')} + 1`,
            leased_until: null,
          })),
        )
        .execute()
    },
    async unwatch({ channel, message }) {
      await store.db.deleteFrom('messages').where('channel', '=', channel).where('message', '=', message).execute()
    },
    async post(tx, { subject, place, channel = systemChannel, mentions = [], important = false, paced = false }) {
      await tx
        .insertInto('messages')
        .values({ ...unsent(subject, place), channel, mentions: JSON.stringify(mentions), important, paced })
        .execute()
      await tell(tx)
    },
    async note(tx, { of, place, thread, sentence, mentions = [] }) {
      const subject = randomUUID()
      await revise(tx, subject, { title: thread, tone: 'neutral', sentence }, place)
      const inThread = { thread_of: of, thread_name: thread, mentions: JSON.stringify(mentions), important: mentions.length > 0 }
      await tx
        .insertInto('messages')
        .values({ ...unsent(subject, place), channel: systemChannel, ...inThread })
        .execute()
    },
    async callOff(tx, subject) {
      const { numUpdatedRows } = await tx
        .updateTable('messages')
        .set({ mentions: '[]' })
        .where((where) => where.or([where('subject', '=', subject), where('thread_of', '=', subject)]))
        .where('message', 'is', null)
        .where(sql<boolean>`mentions <> '[]'`)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    revise,
    async adopted({ channel, message }) {
      await store.db
        .updateTable('messages')
        // An edit of ours may have been first, and the door's later answer stands over it: then it is shown again.
        .set({ due_at: clock.now(), shown: 0, lease: sql`lease + 1`, leased_until: null })
        .where('channel', '=', channel)
        .where('message', '=', message)
        .execute()
      await tell(store.db)
    },
    async newest(subject) {
      const found = await store.db.selectFrom('living').select('report').where('subject', '=', subject).executeTakeFirst()
      return found && readReport(found.report)
    },
    async standing(subject) {
      const rows = await store.db
        .selectFrom('messages')
        .select(['channel', 'message'])
        .where('subject', '=', subject)
        .where('message', 'is not', null)
        .where('gone', 'is', null)
        .orderBy('seq')
        .execute()
      return rows.map(({ channel, message }) => ({ channel, message: message! }))
    },
    refused: (guild) => readRefused(store.db, guild, new Date(clock.now().getTime() - refusedMs)),
    async forget(tx, subjects) {
      if (subjects.length === 0) return
      await tx.deleteFrom('messages').where('subject', 'in', subjects).execute()
      await tx.deleteFrom('living').where('subject', 'in', subjects).execute()
    },
    async prune(before, needed = []) {
      return store.db.transaction().execute(async (tx) => {
        const old = tx
          .selectFrom('living')
          .select('subject')
          .where('at', '<', before)
          .where(sql<boolean>`subject <> ALL (${needed}::uuid[])`)
        await tx.deleteFrom('messages').where('subject', 'in', old).execute()
        await tx.deleteFrom('refused_posts').where('last_at', '<', before).execute()
        return Number((await tx.deleteFrom('living').where('subject', 'in', old).executeTakeFirst()).numDeletedRows)
      })
    },
  }

  async function revise(tx: Transaction, subject: string, report: Report, { guild, project, environment }: Place): Promise<void> {
    const written = { report: writeReport(report), at: clock.now() }
    await tx
      .insertInto('living')
      .values({ subject, guild, project, environment, revision: 1, ...written })
      .onConflict((conflict) =>
        conflict.column('subject').doUpdateSet((row) => ({ ...written, revision: sql`${row.ref('living.revision')} + 1` })),
      )
      .execute()
    await tell(tx)
  }
}

function row(subject: string, { guild, project, environment }: Place, created_at: Date) {
  return { id: randomUUID(), subject, guild, project, environment, created_at, leased_until: null, gone: null }
}
