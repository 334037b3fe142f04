import type { Claims } from '#src/claims/claims.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import { SeenBefore } from '#src/kernel/errors.ts'
import type { Tolerate } from './without-store.ts'

/** Whoever claims the call first, in whatever process, acts on it. Throws SeenBefore to everyone else. */
export function claimGuard(claims: Claims, tolerate: Tolerate): Guard<Entry> {
  return async ({ call, command }, goOn) => {
    const first = await tolerate(command, () => claims.claim(call.key, call.place))
    if (first === false) throw new SeenBefore(`the call ${call.key} was taken before`)
    return goOn()
  }
}
