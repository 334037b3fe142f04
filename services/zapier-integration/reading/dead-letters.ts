import { type Kysely, sql } from 'kysely'
import { Refusal } from '#src/service/refusal.ts'
import type { DeadLetter } from '#src/zapier/wire.ts'
import type { Tables } from '../tables.ts'

type Db = Kysely<Tables>

/** What was given up, newest first. */
export async function listDeadLetters(db: Db, limit: number): Promise<readonly DeadLetter[]> {
  const rows = await db
    .selectFrom('zapier.work as work')
    .leftJoin('zapier.events as event', 'event.id', 'work.event')
    .select([
      'work.id',
      'work.event',
      'event.name',
      'work.key',
      'work.lane',
      'work.rule_name',
      'work.attempts',
      'work.outcome',
      'work.settled_at',
    ])
    .where('work.state', '=', 'dead')
    .orderBy('work.settled_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id, event, name, key, lane, rule_name, attempts, outcome, settled_at }) => ({
    id,
    event_id: event,
    name: name ?? key,
    what: lane,
    rule: rule_name,
    attempts,
    sentence: outcome?.sentence ?? null,
    since: settled_at?.toISOString() ?? '',
  }))
}

/** Tries it again from the beginning, under the same key: what did happen the first time does not happen twice. Throws Refusal (404). */
export async function retryDeadLetter(db: Db, id: string, now: Date): Promise<void> {
  const retried = await db
    .updateTable('zapier.work')
    .set({ state: 'waiting', attempts: 0, due_at: now, fence: sql`fence + 1`, outcome: null, settled_at: null })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst()
  if (retried.numUpdatedRows === 0n) throw noDeadLetter()
}

/** Gives it up for good. Throws Refusal (404). */
export async function discardDeadLetter(db: Db, id: string): Promise<void> {
  const discarded = await db
    .updateTable('zapier.work')
    .set({ state: 'refused' })
    .where('id', '=', id)
    .where('state', '=', 'dead')
    .executeTakeFirst()
  if (discarded.numUpdatedRows === 0n) throw noDeadLetter()
}

function noDeadLetter(): Refusal {
  return new Refusal(404, 'There is no such dead letter; it may have been tried again already.')
}
