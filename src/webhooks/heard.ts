import { sql } from 'kysely'
import type { Store } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Notice } from './notice.ts'

/** What came of Railway's webhooks for a project, since the first. */
export interface Heard {
  readonly taken: number
  /** Of those, such as were known already. */
  readonly known: number
  readonly lastType: string
  readonly lastAt: Date
}

export function createHeard({ store }: { readonly store: Pick<Store, 'db'> }) {
  return {
    async note(places: readonly Place[], { said }: Notice, known: boolean): Promise<void> {
      if (places.length === 0) return
      const more = known ? 1 : 0
      await store.db
        .insertInto('webhooks_heard')
        .values(places.map(({ guild, project }) => ({ guild, project, taken: 1, known: more, last_type: said })))
        .onConflict((conflict) =>
          conflict.columns(['guild', 'project']).doUpdateSet((row) => ({
            taken: sql<number>`${row.ref('webhooks_heard.taken')} + 1`,
            known: sql<number>`${row.ref('webhooks_heard.known')} + ${more}`,
            last_type: said,
            last_at: sql<Date>`clock_timestamp()`,
          })),
        )
        .execute()
    },
    async of({ guild, project }: Place): Promise<Heard | undefined> {
      const row = await store.db
        .selectFrom('webhooks_heard')
        .selectAll()
        .where('guild', '=', guild)
        .where('project', '=', project)
        .executeTakeFirst()
      return row && { taken: Number(row.taken), known: Number(row.known), lastType: row.last_type, lastAt: row.last_at }
    },
    /** Forgets how matters stood that nothing was heard of since: an older webhook than that is not believed anyway. */
    async prune(before: Date): Promise<void> {
      await store.db.deleteFrom('webhook_matters').where('at', '<', before).execute()
    },
  }
}
