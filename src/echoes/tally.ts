import { z } from 'zod'
import type { Batch } from './stream-group.ts'

const many = z.number().int().nonnegative()

/** What has been read of a stream up to a position, since it was first bound. As it is stored. */
export const storedTally = z.object({
  /** The id of the last entry that was read. */
  position: z.string(),
  /** How many entries the stream had had at that position, by Redis' own count. */
  counted: many,
  /** The number that the last message carried. */
  number: z.number().optional(),
  /** Messages that were read, and among them those that could not be understood. */
  read: many,
  unreadable: many,
  /** Entries that were trimmed before they were read. */
  lost: many,
  /** How often something is missing of which nobody knows how much. */
  gaps: many,
  /** When the last message came, in ms. */
  lastAt: z.number().optional(),
})
export type Tally = z.output<typeof storedTally>

/** The account of a stream from a position on. */
export function tallyFrom({ newest, added }: { readonly newest: string; readonly added: number }): Tally {
  return { position: newest, counted: added, read: 0, unreadable: 0, lost: 0, gaps: 0 }
}

/**
 * With a batch. Whoever has read all that there is has had every entry that was added, or it was trimmed: what Redis counts beyond what was
 * delivered is lost. (The group's own `lag` is 0 then.) `whole`: the batch ends at the stream's end.
 */
export function withBatch(tally: Tally, batch: Batch, whole: boolean): Tally {
  const counted = tally.counted + batch.delivered
  const missing = whole ? Math.max(0, batch.added - counted) : 0
  const lastAt = batch.last === '' ? tally.lastAt : timeOf(batch.last)
  const number = batch.number ?? tally.number
  return {
    position: batch.last === '' ? tally.position : batch.last,
    counted: counted + missing,
    ...(number !== undefined && { number }),
    read: tally.read + batch.delivered,
    unreadable: tally.unreadable + batch.odd,
    lost: tally.lost + missing,
    gaps: tally.gaps + batch.leaps,
    ...(lastAt !== undefined && { lastAt }),
  }
}

/** When an entry was added, by Redis' clock: the beginning of its id. */
function timeOf(id: string): number {
  return Number(id.split('-')[0])
}
