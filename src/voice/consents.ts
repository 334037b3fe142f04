import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'

/** Who said that Helix may hear them, by guild. It is remembered until it is withdrawn. */
export interface Consents {
  /** When it was given; undefined: it was not, or was withdrawn. */
  since(guild: string, user: string): Promise<Date | undefined>
  /** Those among these members who gave it. */
  among(guild: string, users: readonly string[]): Promise<readonly string[]>
  /** Answers whether it was not given before. */
  give(guild: string, user: string): Promise<boolean>
  /** Answers whether it had been given. */
  withdraw(guild: string, user: string): Promise<boolean>
}

export function createConsents({ store, clock }: { readonly store: Store; readonly clock: Clock }): Consents {
  const given = (guild: string) =>
    store.db.selectFrom('voice_consents').select(['user_id', 'since']).where('guild', '=', guild).where('withdrawn_at', 'is', null)
  return {
    async since(guild, user) {
      return (await given(guild).where('user_id', '=', user).executeTakeFirst())?.since
    },
    async among(guild, users) {
      if (users.length === 0) return []
      const rows = await given(guild).where('user_id', 'in', users).execute()
      return rows.map(({ user_id }) => user_id)
    },
    async give(guild, user) {
      const since = clock.now()
      const { numInsertedOrUpdatedRows } = await store.db
        .insertInto('voice_consents')
        .values({ guild, user_id: user, since, withdrawn_at: null })
        .onConflict((conflict) =>
          conflict
            .columns(['guild', 'user_id'])
            .doUpdateSet({ since, withdrawn_at: null })
            .where('voice_consents.withdrawn_at', 'is not', null),
        )
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },
    async withdraw(guild, user) {
      const { numUpdatedRows } = await store.db
        .updateTable('voice_consents')
        .set({ withdrawn_at: clock.now() })
        .where('guild', '=', guild)
        .where('user_id', '=', user)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
  }
}
