import type { Store } from '#src/adapters/store/store.ts'
import type { Delivery } from '#src/delivery/delivery.ts'

/** A change or a digest that stands in its channel is never edited again: so long after it was posted nothing of it is kept, in ms. */
const KEEP_MS = 3_600_000
const AT_ONCE = 1_000

/** Forgets changes and digests that were told. A stream that changes all day would fill the outbox with them. */
export async function forgetTold(store: Store, delivery: Pick<Delivery, 'forget'>, now: Date): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('messages')
      .innerJoin('living', 'living.subject', 'messages.subject')
      .select('messages.subject')
      .whereRef('shown', '>=', 'revision')
      .where('paced', '=', true)
      .where('message', 'is not', null)
      .where('created_at', '<', new Date(now.getTime() - KEEP_MS))
      .where('messages.subject', 'not in', (all) => all.selectFrom('echo_bindings').select('id'))
      .limit(AT_ONCE)
      .execute()
    await delivery.forget(
      tx,
      rows.map(({ subject }) => subject),
    )
  })
}
