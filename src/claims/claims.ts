import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'

/** Which calls were seen: whoever claims a call's key first, in whatever process, acts on it. */
export interface Claims {
  /** True for the first one to claim this key, ever. */
  claim(key: string, place?: Place): Promise<boolean>
  /** True for the first one to claim this key in so many ms (up to a day), by the database's clock; whoever is refused extends nothing. */
  claimFor(key: string, forMs: number): Promise<boolean>
  /** Forgets the claims before that moment (Discord repeats nothing after minutes). Answers how many. */
  prune(before: Date): Promise<number>
}

const nowhere: Place = { guild: '', project: '', environment: '' }

export function createClaims({ store }: { readonly store: Store }): Claims {
  return {
    async claim(key, place = nowhere) {
      const { guild, project, environment } = place
      const claimed = await store.db
        .insertInto('claims')
        .values({ key, guild, project, environment })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst()
      return claimed.numInsertedOrUpdatedRows === 1n
    },
    async claimFor(key, forMs) {
      const claimed = await store.db
        .insertInto('claims')
        .values({ key, ...nowhere })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ at: sql`clock_timestamp()` })
            .where('claims.at', '<=', sql<Date>`clock_timestamp() - ${forMs} * interval '1 millisecond'`),
        )
        .executeTakeFirst()
      return claimed.numInsertedOrUpdatedRows === 1n
    },
    async prune(before) {
      const { numDeletedRows } = await store.db.deleteFrom('claims').where('at', '<', before).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
