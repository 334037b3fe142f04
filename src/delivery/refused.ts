import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { RefusedPosts } from './delivery.ts'

/** Stands in the tables for the server's system channel, which only Discord knows. */
export const systemChannel = ''

export interface Refused {
  readonly guild: string
  readonly channel: string
  readonly what: 'message' | 'thread'
}

/** Counts a refusal, so that it is told where people look, once for each channel. */
export async function recordRefused(db: Store['db'], { guild, channel, what }: Refused, reason: string, at: Date): Promise<void> {
  await db
    .insertInto('refused_posts')
    .values({ guild, project: '', environment: '', channel, what, reason, times: 1, first_at: at, last_at: at })
    .onConflict((conflict) =>
      conflict.columns(['guild', 'channel', 'what']).doUpdateSet((row) => ({
        reason,
        times: sql`${row.ref('refused_posts.times')} + 1`,
        last_at: at,
      })),
    )
    .execute()
}

/** Something was taken there: what was refused before is over. An edit is no sign of that while new messages are refused. */
export async function clearRefused(db: Store['db'], { guild, channel, what }: Refused, taken: 'edit' | 'message'): Promise<void> {
  const all = db.deleteFrom('refused_posts').where('guild', '=', guild).where('channel', '=', channel).where('what', '=', what)
  const untold = db
    .selectFrom('messages')
    .select('id')
    .where('channel', '=', channel)
    .where('message', 'is', null)
    .where('gone', 'is not', null)
  await (taken === 'message' ? all : all.where(({ not, exists }) => not(exists(untold)))).execute()
}

export async function isRefused(db: Store['db'], { guild, channel, what }: Refused): Promise<boolean> {
  const rows = db.selectFrom('refused_posts').select('channel').where('guild', '=', guild).where('channel', '=', channel)
  return (await rows.where('what', '=', what).executeTakeFirst()) !== undefined
}

/** What was refused since that moment, and was not taken since. */
export async function readRefused(db: Store['db'], guild: string, since: Date): Promise<readonly RefusedPosts[]> {
  const rows = await db
    .selectFrom('refused_posts')
    .selectAll()
    .where('guild', '=', guild)
    .where('last_at', '>=', since)
    .orderBy('what')
    .orderBy('times', 'desc')
    .execute()
  return rows.map(({ channel, what, reason, times, first_at }) => ({
    channel: channel === systemChannel ? undefined : channel,
    ...{ what, reason, times, since: first_at },
  }))
}
