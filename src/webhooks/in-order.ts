import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Turn } from './turns.ts'

/**
 * Has a turn of a matter carried out, unless a later one is known already: webhooks come in any order, late, twice, and in any process. What
 * `act` throws is thrown, and the turn is as unknown as before.
 */
export type InOrder = (place: Place, turn: Turn, at: Date, deployment: string | undefined, act: () => Promise<void>) => Promise<void>

export function createInOrder({ store }: { readonly store: Pick<Store, 'db'> }): InOrder {
  return async ({ guild, project, environment }, turn, at, deployment, act) => {
    const only = 'ofDeployment' in turn ? turn.ofDeployment : undefined
    await store.db.transaction().execute(async (tx) => {
      const written = await tx
        .insertInto('webhook_matters')
        .values({ guild, project, environment, matter: turn.matter, begun: turn.begins, deployment: deployment ?? null, at })
        .onConflict((conflict) => {
          const update = conflict
            .columns(['guild', 'project', 'environment', 'matter'])
            .doUpdateSet({ begun: turn.begins, deployment: deployment ?? null, at })
            .where('webhook_matters.at', '<', at)
          return only === undefined ? update : update.where('webhook_matters.deployment', '=', only)
        })
        .returning(sql<number>`1`.as('one'))
        .executeTakeFirst()
      if (written) await act()
    })
  }
}
