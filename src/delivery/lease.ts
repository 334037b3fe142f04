import { type Selectable, sql } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'
import { isItsTurn, turnAt } from './pace.ts'
import { readReport } from './stored-report.ts'

/** How long one delivery may take before another process takes the message over, in ms. */
export const leaseMs = 12_000

/** A message that this process alone brings up to date until its lease is over. */
export interface Leased {
  readonly id: string
  readonly subject: string
  /** Empty: not known before it is posted. */
  readonly channel: string
  readonly message: string | undefined
  readonly lease: number
  readonly failures: number
  readonly shown: number
  readonly revision: number
  readonly report: Report
  readonly revisedAt: Date
  readonly place: Place
  readonly mentions: readonly string[]
  readonly important: boolean
  readonly meantFor: string | undefined
  readonly thread: string | undefined
  readonly threadOf: string | undefined
  readonly threadName: string | undefined
  /** When the message that stands was posted; undefined for one that is not Helix's own making (the answer to an interaction). */
  readonly madeAt: Date | undefined
  readonly oldEdits: number
  readonly renewals: number
  readonly retired: string | undefined
}

/** Behind its subject, or readers of the message before it are not sent on yet. A note waits for the message, and for the notes before it. */
function isBehind(message: string, subject: string) {
  const [m, l] = [sql.ref(message), sql.ref(subject)]
  return sql<boolean>`${m}.gone IS NULL AND (${m}.shown < ${l}.revision OR ${m}.retired IS NOT NULL)
    AND (${m}.thread_of IS NULL OR ${m}.message IS NOT NULL OR (
      (EXISTS (SELECT 1 FROM messages p WHERE p.subject = ${m}.thread_of AND p.message IS NOT NULL AND p.gone IS NULL)
        OR NOT EXISTS (SELECT 1 FROM messages p WHERE p.subject = ${m}.thread_of AND p.message IS NULL AND p.gone IS NULL))
      AND NOT EXISTS (SELECT 1 FROM messages e
        WHERE e.thread_of = ${m}.thread_of AND e.seq < ${m}.seq AND e.message IS NULL AND e.gone IS NULL)))`
}

/**
 * Takes at most so many messages that are behind their subject and due. Row locks are held only while taking: of any number of
 * processes each gets other messages, and none holds a connection while it waits for Discord.
 */
export async function takeDue(store: Store, now: Date, most: number): Promise<readonly Leased[]> {
  const until = new Date(now.getTime() + leaseMs)
  const { rows } = await sql<LeasedRow>`
    UPDATE messages SET leased_until = ${until}, lease = messages.lease + 1
    FROM living WHERE living.subject = messages.subject AND messages.id IN (
      SELECT m.id FROM messages m JOIN living l ON l.subject = m.subject
      WHERE ${isBehind('m', 'l')} AND m.due_at <= ${now} AND (m.leased_until IS NULL OR m.leased_until <= ${now})
        AND ${isItsTurn(isBehind, now)}
      ORDER BY m.due_at LIMIT ${most} FOR UPDATE OF m SKIP LOCKED)
    RETURNING messages.*, living.revision, living.report, living.at AS revised_at`.execute(store.db)
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    channel: row.channel,
    message: row.message ?? undefined,
    lease: row.lease,
    failures: row.failures,
    shown: row.shown,
    revision: row.revision,
    report: readReport(row.report),
    revisedAt: row.revised_at,
    place: { guild: row.guild, project: row.project, environment: row.environment },
    mentions: row.mentions,
    important: row.important,
    meantFor: row.meant_for ?? undefined,
    thread: row.thread ?? undefined,
    threadOf: row.thread_of ?? undefined,
    threadName: row.thread_name ?? undefined,
    madeAt: row.made_at ?? undefined,
    oldEdits: row.old_edits,
    renewals: row.renewals,
    retired: row.retired ?? undefined,
  }))
}

type LeasedRow = Selectable<Database['messages']> & { readonly revision: number; readonly report: Report; readonly revised_at: Date }

/** When the next message becomes due; undefined where all are up to date. */
export async function nextDue(store: Store): Promise<Date | undefined> {
  const { rows } = await sql<{ due: Date | null }>`
    SELECT min(greatest(m.due_at, m.leased_until, ${turnAt})) AS due FROM messages m JOIN living l ON l.subject = m.subject
    WHERE ${isBehind('m', 'l')}`.execute(store.db)
  return rows[0]?.due ?? undefined
}
