import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'
import { readReport } from './stored-report.ts'

/** How long one delivery may take before another process takes the message over, in ms. */
export const leaseMs = 12_000

/** A message that this process alone brings up to date until its lease is over. */
export interface Leased {
  readonly id: string
  readonly subject: string
  readonly channel: string
  readonly message: string | undefined
  readonly lease: number
  readonly failures: number
  readonly revision: number
  readonly report: Report
  readonly place: Place
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
      WHERE m.gone IS NULL AND m.shown < l.revision AND m.due_at <= ${now} AND (m.leased_until IS NULL OR m.leased_until <= ${now})
      ORDER BY m.due_at LIMIT ${most} FOR UPDATE OF m SKIP LOCKED)
    RETURNING messages.id, messages.subject, messages.channel, messages.message, messages.lease, messages.failures,
      messages.guild, messages.project, messages.environment, living.revision, living.report`.execute(store.db)
  return rows.map(({ guild, project, environment, message, report, ...rest }) => ({
    ...rest,
    message: message ?? undefined,
    report: readReport(report),
    place: { guild, project, environment },
  }))
}

interface LeasedRow extends Place {
  readonly id: string
  readonly subject: string
  readonly channel: string
  readonly message: string | null
  readonly lease: number
  readonly failures: number
  readonly revision: number
  readonly report: Report
}

/** When the next message becomes due; undefined where all are up to date. */
export async function nextDue(store: Store): Promise<Date | undefined> {
  const { rows } = await sql<{ due: Date | null }>`
    SELECT min(greatest(m.due_at, coalesce(m.leased_until, m.due_at))) AS due FROM messages m JOIN living l ON l.subject = m.subject
    WHERE m.gone IS NULL AND m.shown < l.revision`.execute(store.db)
  return rows[0]?.due ?? undefined
}
