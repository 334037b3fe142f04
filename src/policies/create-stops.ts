import type { Store } from '#src/adapters/store/store.ts'
import { actorKey, actorName } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { PolicyStops } from './policies.ts'
import type { Stop } from './policy.ts'

export function createPolicyStops({ store: { db }, clock }: { readonly store: Pick<Store, 'db'>; readonly clock: Clock }): PolicyStops {
  async function stopped(guild: string): Promise<Stop | undefined> {
    const row = await db.selectFrom('policy_stops').selectAll().where('guild', '=', guild).executeTakeFirst()
    return row && stopOf(row)
  }

  return {
    stopped,
    async stop({ place: { guild }, actor }, reason) {
      const row = await db
        .insertInto('policy_stops')
        .values({ guild, reason, set_by: actorKey(actor), set_by_name: actorName(actor), since: clock.now() })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      if (row) return stopOf(row)
      const other = await stopped(guild)
      throw new UserError(
        `Healing and scaling are stopped already${other ? `, by ${other.byName} (“${other.reason}”)` : ''}, so nothing was done.`,
      )
    },
    async resume({ place: { guild } }) {
      const row = await db.deleteFrom('policy_stops').where('guild', '=', guild).returningAll().executeTakeFirst()
      if (row) return stopOf(row)
      throw new UserError('Healing and scaling are not stopped, so nothing was done.')
    },
  }
}

function stopOf({ reason, set_by_name, since }: { readonly reason: string; readonly set_by_name: string; readonly since: Date }): Stop {
  return { reason, byName: set_by_name, since }
}
