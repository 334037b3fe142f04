import type { Updateable } from 'kysely'
import type { Database } from '#src/adapters/store/schema.ts'
import type { BindingRow } from './binding-rows.ts'

/** The newest message that shows a binding's scoreboard; all null where there is none. */
export interface Standing {
  readonly message_row: string | null
  readonly gone: string | null
  readonly message: string | null
}

/** `post`: it has no message. `again`: Discord is asked once more. `over`: Discord takes it again. */
export type Step = 'post' | 'again' | 'over'

/** How long after a refusal Discord is asked again, doubled each time, and for how long at all, in ms. */
export const retrying = { firstMs: 60_000, lastMs: 900_000, forMs: 86_400_000 } as const

/** What becomes of a binding whose message Discord refuses, or takes again. */
export function troubleStep(
  binding: BindingRow,
  standing: Standing,
  now: Date,
): { step?: Step; set?: Updateable<Database['echo_bindings']> } {
  if (standing.message_row === null) return { step: 'post' }
  if (standing.gone === null) {
    if (binding.trouble === null || standing.message === null) return {}
    return { step: 'over', set: { trouble: null, trouble_since: null, tries: 0, retry_at: null } }
  }
  if (binding.trouble === null) {
    return { set: { trouble: standing.gone, trouble_since: now, tries: 0, retry_at: after(now, retrying.firstMs) } }
  }
  if (binding.retry_at === null || binding.retry_at > now) return {}
  const tries = binding.tries + 1
  const isOver = now.getTime() - (binding.trouble_since ?? now).getTime() > retrying.forMs
  const wait = Math.min(retrying.firstMs * 2 ** tries, retrying.lastMs)
  return { step: 'again', set: { trouble: standing.gone, tries, retry_at: isOver ? null : after(now, wait) } }
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms)
}
