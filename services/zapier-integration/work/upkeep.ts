import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** How long things are kept, in days; what still waits is kept however old it is. */
export const keep = { events: 7, dead: 30 } as const

const DAY_MS = 86_400_000
const LOT = 5_000

/** Deletes what is old, in small lots: a long transaction would hold up the inbox. Answers how many rows went. */
export async function prune(db: Kysely<Tables>, now: Date): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const statements = [
    sql`DELETE FROM zapier.seen WHERE key IN (SELECT key FROM zapier.seen WHERE until <= ${now} LIMIT ${LOT})`,
    sql`DELETE FROM zapier.work WHERE id IN (
      SELECT id FROM zapier.work WHERE state = 'dead' AND settled_at < ${before(keep.dead)} LIMIT ${LOT})`,
    sql`DELETE FROM zapier.work WHERE id IN (
      SELECT id FROM zapier.work WHERE event IS NULL AND state IN ('done', 'refused') AND settled_at < ${before(keep.events)} LIMIT ${LOT})`,
    sql`DELETE FROM zapier.events WHERE seq IN (
      SELECT seq FROM zapier.events AS event WHERE at < ${before(keep.events)} AND routed AND NOT EXISTS (
        SELECT FROM zapier.work WHERE event = event.id AND state IN ('waiting', 'dead')) ORDER BY seq LIMIT ${LOT})`,
  ]
  let pruned = 0
  for (const statement of statements) {
    for (let gone = LOT; gone === LOT; pruned += gone) gone = Number((await statement.execute(db)).numAffectedRows ?? 0)
  }
  return pruned
}
