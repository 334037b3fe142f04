import type { Clock } from '#src/kernel/clock.ts'
import type { Leased } from './lease.ts'

/**
 * Discord limits how often messages older than an hour may be edited, over all of a channel (30046; users measure three edits in 6 s). So an
 * old message is edited less often, and one that goes on changing is posted anew.
 */
export const renewal = {
  /** From this age a message counts as old, in ms. */
  oldMs: 55 * 60_000,
  /** So many edits of an old message are made in place: what changes once an hour stays where it is. */
  mostOldEdits: 10,
  /** The least time between two edits of an old message, in ms. */
  betweenOldEditsMs: 6_000,
} as const

/** Answers to interactions are never old: they stay where they were asked for. */
export function isOld({ madeAt }: Leased, clock: Clock): boolean {
  return madeAt !== undefined && clock.now().getTime() - madeAt.getTime() > renewal.oldMs
}

/** The row of a message that is to be posted anew. It mentions nobody again. */
export function anew({ message, renewals }: Leased) {
  return { message: null, retired: message ?? null, renewals: renewals + 1, old_edits: 0, mentions: '[]' }
}
