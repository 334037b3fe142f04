import type { Claims } from '#src/claims/claims.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import { SeenBefore } from '#src/kernel/errors.ts'

/** Whoever claims the call first, in whatever process, acts on it. Throws SeenBefore to everyone else. */
export function claimGuard(claims: Claims): Guard<Entry> {
  return async ({ call }, goOn) => {
    if (!(await claims.claim(call.key, call.place))) throw new SeenBefore(`the call ${call.key} was taken before`)
    return goOn()
  }
}
