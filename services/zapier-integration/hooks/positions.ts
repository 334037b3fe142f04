import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** How far a channel's stream has been read. */
export interface Position {
  readonly channel: string
  readonly id: string
  /** Of the entry with this id; null where it is not known, and the next may have any. */
  readonly number: number | null
  /** Entries that were never sent: trimmed or grown old before they were read, or impossible to keep. */
  readonly lost: number
}

type Db = Kysely<Tables>

export async function readPositions(db: Db): Promise<ReadonlyMap<string, Position>> {
  const rows = await db.selectFrom('zapier.positions').selectAll().execute()
  return new Map(
    rows.map(({ channel, id, number, lost }) => [
      channel,
      { channel, id, number: number === null ? null : Number(number), lost: Number(lost) },
    ]),
  )
}

/** Where a channel is followed from, unless another process has begun. */
export async function beginAt(db: Db, { channel, id, number }: Omit<Position, 'lost'>): Promise<void> {
  await db
    .insertInto('zapier.positions')
    .values({ channel, id, number })
    .onConflict((conflict) => conflict.column('channel').doNothing())
    .execute()
}

/** Moves on; false where another process has done so since the position was read. What is done in the same transaction is done once. */
export async function moveOn(db: Db, from: Position, { id, number, lost }: Omit<Position, 'channel'>): Promise<boolean> {
  const moved = await db
    .updateTable('zapier.positions')
    .set({ id, number, lost })
    .where('channel', '=', from.channel)
    .where('id', '=', from.id)
    .executeTakeFirst()
  return moved.numUpdatedRows > 0n
}

/** Channels that are followed no more begin anew when they are followed again. */
export async function forgetOthers(db: Db, followed: readonly string[]): Promise<void> {
  await sql`DELETE FROM zapier.positions WHERE channel <> ALL (${followed}::text[])`.execute(db)
}
