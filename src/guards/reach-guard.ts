import type { Store } from '#src/adapters/store/store.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'

/** A database that is away is told as such, not as a fault of Helix. */
export function reachGuard(store: Pick<Store, 'awayFault'>): Guard<Entry> {
  return async (_step, goOn) => {
    try {
      return await goOn()
    } catch (error) {
      throw store.awayFault(error) ?? error
    }
  }
}
