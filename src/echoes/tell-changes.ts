import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Transaction } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { BindingRow } from './binding-rows.ts'
import type { StoredBoard } from './board.ts'
import { changesReport } from './news.ts'

/** In ms: the least time between two messages about changes in a channel; how long it is waited for others to find that an outage is over, too. */
export const telling = { changesMs: 20_000, gatherMs: 5_000, longestMs: 60_000 } as const

type Row = BindingRow & { readonly board: StoredBoard }

/**
 * Tells in one message what changed on all streams that are shown in a channel, whoever reads them; at most once in a while, and at another time
 * where somebody else is telling something just now. For one channel in a transaction: so nobody waits for somebody who waits for him.
 */
export async function tellChanges(tx: Transaction, delivery: Pick<Delivery, 'revise' | 'post'>, channel: string, now: Date): Promise<void> {
  if (!(await isAlone(tx)) || !(await isDue(tx, channel, now))) return
  const boards = await boardsOf(tx, channel)
  const untold = boards.filter(({ board, shown }) => board.changed > shown.told)
  if (isGathering(boards, now.getTime())) return
  const report = changesReport(untold.map(({ stream, board, shown }) => ({ stream, board, told: shown.told })))
  const [first] = untold
  if (!report || !first) return
  const subject = randomUUID()
  const place = { guild: first.guild, project: first.project, environment: first.environment }
  await delivery.revise(tx, subject, report, place)
  await delivery.post(tx, { subject, place, channel, paced: true })
  for (const { id, shown, board } of untold) {
    const written = JSON.stringify({ ...shown, told: board.changed, toldAt: now.getTime() })
    await tx.updateTable('echo_bindings').set({ shown: written }).where('id', '=', id).execute()
  }
}

/** What all find out at about the same time is told once. */
function isGathering(boards: readonly Row[], now: number): boolean {
  const ends = boards.flatMap(({ board, shown }) => board.changes.filter(({ number, about }) => about === 'outage' && number > shown.told))
  if (ends.length === 0) return false
  const isOthersTurn =
    boards.some(({ board }) => board.outSince !== undefined) && now - Math.min(...ends.map(({ at }) => at)) < telling.longestMs
  return isOthersTurn || now - Math.max(...ends.map(({ at }) => at)) < telling.gatherMs
}

async function isAlone(tx: Transaction): Promise<boolean> {
  const { rows } = await sql<{
    alone: boolean
  }>`SELECT pg_try_advisory_xact_lock(hashtextextended('helix echoes tell', 0)) AS alone`.execute(tx)
  return rows[0]!.alone
}

async function isDue(tx: Transaction, channel: string, now: Date): Promise<boolean> {
  const told = await tx.selectFrom('echo_bindings').select('shown').where('channel', '=', channel).execute()
  return now.getTime() - Math.max(...told.map(({ shown }) => shown.toldAt)) >= telling.changesMs
}

async function boardsOf(tx: Transaction, channel: string): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    SELECT b.*, s.board FROM echo_bindings b JOIN echo_streams s ON s.stream = b.stream
    WHERE b.channel = ${channel} AND b.mode <> 'scoreboard' AND b.trouble IS NULL AND s.board IS NOT NULL
    ORDER BY b.stream FOR UPDATE OF b`.execute(tx)
  return rows
}
