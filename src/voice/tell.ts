import { randomUUID } from 'node:crypto'
import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Report } from '#src/kernel/report.ts'

/** A message of its own in a text channel. */
export type Tell = (place: Place, channel: string, report: Report) => Promise<void>

export function createTell({ store, delivery }: { readonly store: Store; readonly delivery: Pick<Delivery, 'post' | 'revise'> }): Tell {
  return async (place, channel, report) => {
    const subject = randomUUID()
    await store.db.transaction().execute(async (tx) => {
      await delivery.revise(tx, subject, report, place)
      await delivery.post(tx, { subject, place, channel })
    })
  }
}
