import type { Store } from '#src/adapters/store/store.ts'
import type { Operations } from './operations.ts'

/** What is kept of operations, and for how long. The audit keeps what they did for ever. */
export function createKeeping(store: Store): Pick<Operations, 'unfinished' | 'prune'> {
  return {
    async unfinished() {
      const rows = await store.db.selectFrom('operations').select('id').where('status', 'in', ['queued', 'running', 'unknown']).execute()
      return rows.map(({ id }) => id)
    },
    prune: (before) =>
      store.db.transaction().execute(async (tx) => {
        const over = tx
          .selectFrom('operations')
          .select('id')
          .where('status', 'in', ['succeeded', 'failed', 'cancelled'])
          .where('ended_at', '<', before)
          .where(({ not, exists, selectFrom }) =>
            not(exists(selectFrom('locks').select('locks.operation').whereRef('locks.operation', '=', 'operations.id'))),
          )
        await tx.deleteFrom('operation_steps').where('operation', 'in', over).execute()
        const { numDeletedRows } = await tx.deleteFrom('operations').where('id', 'in', over).executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}
