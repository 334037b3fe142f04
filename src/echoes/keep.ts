import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { type BindingRow, type Bound, boundOf, type Shown, sinceOf } from './binding-rows.ts'
import { digestReport } from './news.ts'
import type { Pace } from './pace.ts'
import { type Look, scoreboard } from './scoreboard.ts'
import { Fenced } from './stream-group.ts'
import { leasedUntil } from './stream-rows.ts'
import type { Tally } from './tally.ts'
import { tellChanges, telling } from './tell-changes.ts'
import { type Standing, troubleStep } from './trouble.ts'

export interface KeepParts {
  readonly store: Store
  readonly delivery: Pick<Delivery, 'revise' | 'post'>
  readonly clock: Clock
  readonly leaseMs: number
  readonly pace: Pace
}

/** Between two digests, in ms. */
const digestMs = 600_000

/** `sharing`: how many are shown in its channel. `told_at`: when changes were told there, in ms. */
type Kept = BindingRow & Standing & { readonly sharing: number; readonly told_at: number }

/**
 * Writes in one transaction how far a stream has been read and all that is to be shown of it: nothing is shown that was not read, and nothing
 * that was written here need ever be read again. `tally`: undefined where nothing was read yet. Renews the lease. Answers how many bindings there are. Throws Fenced where another process
 * reads the stream by now.
 */
export async function keep(parts: KeepParts, fence: number, look: Look, tally: Tally | undefined): Promise<number> {
  const { store, delivery, clock, leaseMs, pace } = parts
  const now = clock.now()
  const written: (() => void)[] = []
  const bindings = await store.db.transaction().execute(async (tx) => {
    await hold(tx)
    const rows = await read(tx)
    for (const row of rows) await show(tx, row)
    const [longest] = rows.filter(hasUntold).sort((a, b) => a.told_at - b.told_at)
    if (longest && now.getTime() - longest.told_at >= telling.changesMs) await tellChanges(tx, delivery, longest.channel, now)
    return rows.length
  })
  for (const each of written) each()
  return bindings

  async function hold(tx: Transaction): Promise<void> {
    const board = { ...look.board, ...(look.outSince && { outSince: look.outSince.getTime() }) }
    const { numUpdatedRows } = await tx
      .updateTable('echo_streams')
      .set({ tally: tally ? JSON.stringify(tally) : null, board: JSON.stringify(board), leased_until: leasedUntil(leaseMs) })
      .where('stream', '=', look.stream)
      .where('fence', '=', fence)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new Fenced('another process reads this stream')
  }

  async function read(tx: Transaction): Promise<readonly Kept[]> {
    const { rows } = await sql<Kept>`
      SELECT b.*, m.id AS message_row, m.gone, m.message, r.gone AS refused, coalesce(r.taken, false) AS taken,
        EXISTS (SELECT FROM messages a WHERE ${isUntold('a')} AND a.gone IS NULL AND a.renewals > 0 AND a.shown = 0) AS asking,
        (SELECT count(*)::int FROM echo_bindings o WHERE o.channel = b.channel) AS sharing,
        (SELECT max((o.shown->>'toldAt')::float8) FROM echo_bindings o WHERE o.channel = b.channel) AS told_at
      FROM echo_bindings b LEFT JOIN LATERAL (
        SELECT id, gone, message FROM messages WHERE subject = b.id ORDER BY created_at DESC LIMIT 1) m ON true
      LEFT JOIN LATERAL (
        SELECT u.gone, EXISTS (SELECT FROM messages t WHERE t.channel = u.channel AND t.made_at > u.sent_at) AS taken
        FROM messages u WHERE ${isUntold('u')} AND u.gone IS NOT NULL ORDER BY u.sent_at DESC LIMIT 1) r ON true
      WHERE b.stream = ${look.stream} ORDER BY b.id FOR UPDATE OF b`.execute(tx)
    return rows
  }

  async function show(tx: Transaction, row: Kept): Promise<void> {
    const binding = boundOf(row)
    const { step, set } = troubleStep(row, row, now)
    const digest = row.trouble === null && set === undefined && isDigestDue(binding)
    if (digest) await postDigest(tx, binding)
    if (set !== undefined || digest) {
      const changed = { ...set, ...(digest && { shown: JSON.stringify({ ...binding.shown, digest: digested() }) }) }
      await tx.updateTable('echo_bindings').set(changed).where('id', '=', binding.id).execute()
    }
    await showBoard(tx, row, binding, step !== undefined)
    if (step === 'post') await delivery.post(tx, { subject: binding.id, place: binding.place, channel: binding.channel, paced: true })
    if (step === 'again') await (row.gone === null ? takeUp(tx, binding.channel) : askAgain(tx, row.message_row!))
  }

  async function showBoard(tx: Transaction, { sharing }: Kept, binding: Bound, anyway: boolean): Promise<void> {
    const report = scoreboard(binding, look, now.getTime())
    const content = JSON.stringify(report)
    if (!anyway && !pace.isDue(binding.id, content, sharing, now.getTime())) return
    await delivery.revise(tx, binding.id, report, binding.place)
    written.push(() => pace.shown(binding.id, content, now.getTime()))
  }

  function hasUntold({ mode, trouble, shown }: Kept): boolean {
    return mode !== 'scoreboard' && trouble === null && look.board.changed > shown.told
  }

  function isDigestDue({ mode, shown }: Bound): boolean {
    return mode === 'digest' && now.getTime() - shown.digest.at >= digestMs
  }

  function digested(): Shown['digest'] {
    const { board, tally } = look
    return { ...sinceOf(tally), at: now.getTime(), changed: board.changed, kinds: board.kinds }
  }

  async function postDigest(tx: Transaction, binding: Bound): Promise<void> {
    const { place, channel } = binding
    const report = digestReport(look.stream, binding, look.tally, look.board, now.getTime())
    if (!report) return
    const subject = randomUUID()
    await delivery.revise(tx, subject, report, place)
    await delivery.post(tx, { subject, place, channel, paced: true })
  }

  /** As a new message, at the end of the channel. */
  async function askAgain(tx: Transaction, row: string): Promise<void> {
    const anew = { gone: null, message: null, shown: 0, failures: 0, leased_until: null, due_at: now }
    await tx
      .updateTable('messages')
      .set((each) => ({ ...anew, lease: sql`${each.ref('lease')} + 1`, renewals: sql`${each.ref('renewals')} + 1` }))
      .where('id', '=', row)
      .execute()
  }

  /** Changes and digests that Discord refused meanwhile are in the store: it is asked again for all of that channel, in their order. */
  async function takeUp(tx: Transaction, channel: string): Promise<void> {
    await tx
      .updateTable('messages')
      .set((each) => ({ gone: null, failures: 0, due_at: each.ref('created_at'), renewals: sql`${each.ref('renewals')} + 1` }))
      .where('channel', '=', channel)
      .where('paced', '=', true)
      .where('gone', 'is not', null)
      .where('message', 'is', null)
      .where('subject', 'not in', (all) => all.selectFrom('echo_bindings').select('id'))
      .execute()
  }
}

/** A change or a digest of `b`'s channel that stands nowhere. */
function isUntold(message: string): RawBuilder<boolean> {
  const m = sql.ref(message)
  return sql`${m}.channel = b.channel AND ${m}.paced AND ${m}.message IS NULL AND ${m}.subject NOT IN (SELECT id FROM echo_bindings)`
}
