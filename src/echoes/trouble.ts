import type { Updateable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { BindingRow } from './binding-rows.ts'

/** What stands of a binding in its channel: all null where there is nothing of it. */
export interface Standing {
  /** The newest message that shows its scoreboard. */
  readonly message_row: string | null
  readonly gone: string | null
  readonly message: string | null
  /** Why Discord refused changes or digests in that channel that are not told yet. */
  readonly refused: string | null
  /** Discord has taken a new message there since. */
  readonly taken: boolean
  /** Discord is being asked for some of them again. */
  readonly asking: boolean
}

/** `post`: it has no message. `again`: Discord is asked once more. `over`: Discord takes it again. */
export type Step = 'post' | 'again' | 'over'

/** How long after a refusal Discord is asked again, doubled each time, and for how long at all, in ms. */
export const retrying = { firstMs: 60_000, lastMs: 900_000, forMs: 86_400_000 } as const

/** What becomes of a binding whose messages Discord refuses, or takes again: edits may be taken where new messages are not. */
export function troubleStep(
  binding: BindingRow,
  standing: Standing,
  now: Date,
): { step?: Step; set?: Updateable<Database['echo_bindings']> } {
  if (standing.message_row === null) return { step: 'post' }
  const trouble = standing.gone ?? standing.refused
  if (trouble === null) {
    if (binding.trouble === null || standing.message === null || standing.asking) return {}
    return { step: 'over', set: { trouble: null, trouble_since: null, tries: 0, retry_at: null } }
  }
  if (standing.gone === null && standing.taken) return { step: 'again' }
  if (binding.trouble === null) {
    return { set: { trouble, trouble_since: now, tries: 0, retry_at: after(now, retrying.firstMs) } }
  }
  if (binding.retry_at === null || binding.retry_at > now) return {}
  const tries = binding.tries + 1
  const isOver = now.getTime() - (binding.trouble_since ?? now).getTime() > retrying.forMs
  const wait = Math.min(retrying.firstMs * 2 ** tries, retrying.lastMs)
  return { step: 'again', set: { trouble, tries, retry_at: isOver ? null : after(now, wait) } }
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms)
}
