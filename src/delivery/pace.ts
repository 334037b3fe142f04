import { type RawBuilder, sql } from 'kysely'

/** The least time between two requests for paced messages of one channel, in ms. */
export const betweenPacedMs = 1_000

/**
 * Of `m`, for `l`: whether its turn has come. Of the paced messages of a channel one at a time is on its way, the one that is due the longest;
 * the next one goes a second after the answer.
 */
export function isItsTurn(isBehindOf: (message: string, subject: string) => RawBuilder<boolean>, now: Date): RawBuilder<boolean> {
  return sql<boolean>`(NOT m.paced OR NOT EXISTS (
    SELECT 1 FROM messages o JOIN living ol ON ol.subject = o.subject WHERE o.channel = m.channel AND o.paced AND (
      o.leased_until > ${now} OR o.sent_at > ${new Date(now.getTime() - betweenPacedMs)}
      OR (o.due_at <= ${now} AND (o.due_at, o.id) < (m.due_at, m.id) AND ${isBehindOf('o', 'ol')}))))`
}

/** Of `m`: when the paced messages of its channel leave it a turn; null where they are silent. */
export const turnAt = sql<Date | null>`CASE WHEN m.paced THEN (
  SELECT max(greatest(o.sent_at + ${betweenPacedMs} * interval '1 ms', o.leased_until)) FROM messages o
  WHERE o.channel = m.channel AND o.paced) END`
