import { sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { type StoredBoard, storedBoard } from './board.ts'
import { storedTally, type Tally } from './tally.ts'

/** NOTIFY's channel: somebody bound or unbound a stream, or stopped reading one. */
export const echoNews = 'helix_echoes'

/** A stream that this process alone reads until its lease ends, from where the one before it was. */
export interface Taken {
  readonly stream: string
  readonly fence: number
  /** Undefined where nobody has read it yet. */
  readonly tally: Tally | undefined
  readonly board: StoredBoard | undefined
}

/** The time is PostgreSQL's: clocks of processes disagree. */
export const leasedUntil = (leaseMs: number) => sql<Date>`now() + ${leaseMs} * interval '1 ms'`

/** Takes the bound streams that nobody reads, at most so many. */
export async function takeStreams(store: Store, leaseMs: number, most: number): Promise<readonly Taken[]> {
  await sql`INSERT INTO echo_streams (stream) SELECT DISTINCT stream FROM echo_bindings ON CONFLICT DO NOTHING`.execute(store.db)
  const { rows } = await sql<{ stream: string; fence: number; tally: unknown; board: unknown }>`
    UPDATE echo_streams SET fence = fence + 1, leased_until = ${leasedUntil(leaseMs)} WHERE stream IN (
      SELECT s.stream FROM echo_streams s WHERE (s.leased_until IS NULL OR s.leased_until < now())
        AND EXISTS (SELECT FROM echo_bindings b WHERE b.stream = s.stream) LIMIT ${most} FOR UPDATE SKIP LOCKED)
    RETURNING stream, fence, tally, board`.execute(store.db)
  return rows.map(({ tally, board, ...rest }) => ({
    ...rest,
    tally: storedTally.safeParse(tally).data,
    board: storedBoard.safeParse(board).data,
  }))
}

/** Lets another process read it at once. */
export async function releaseStream(store: Store, { stream, fence }: Pick<Taken, 'stream' | 'fence'>): Promise<void> {
  await store.db.updateTable('echo_streams').set({ leased_until: null }).where('stream', '=', stream).where('fence', '=', fence).execute()
  await sql`SELECT pg_notify(${echoNews}, '')`.execute(store.db)
}

/** The streams that are bound somewhere. */
export async function boundStreams(store: Store): Promise<readonly string[]> {
  const rows = await store.db.selectFrom('echo_bindings').select('stream').distinct().orderBy('stream').execute()
  return rows.map(({ stream }) => stream)
}

/** Where nobody shows it any more: when it is bound again, it begins anew. Answers whether that is so. */
export function forgetStream(store: Store, { stream, fence }: Pick<Taken, 'stream' | 'fence'>): Promise<boolean> {
  return store.db.transaction().execute(async (tx) => {
    const held = await lockStream(tx, stream)
    if (held?.fence !== fence) return false
    const bound = await tx.selectFrom('echo_bindings').select('id').where('stream', '=', stream).limit(1).executeTakeFirst()
    if (bound) return false
    await tx.updateTable('echo_streams').set({ tally: null, board: null, leased_until: null }).where('stream', '=', stream).execute()
    return true
  })
}

/** Until the transaction ends nobody else binds the stream, unbinds it or writes how far it was read. */
export async function lockStream(tx: Transaction, stream: string) {
  await tx
    .insertInto('echo_streams')
    .values({ stream })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return tx.selectFrom('echo_streams').select(['fence', 'tally', 'board']).where('stream', '=', stream).forUpdate().executeTakeFirst()
}
