import type { Store } from '#src/adapters/store/store.ts'

/** Helix is in a voice channel, and shows what is said to it in a text channel. */
export interface SessionRow {
  readonly guild: string
  readonly voiceChannel: string
  readonly textChannel: string
  /** Discord's id of the member who brought it. */
  readonly startedBy: string
  readonly since: Date
}

/** The voice channels that Helix is in, kept for the next start. */
export interface SessionRows {
  all(): Promise<readonly SessionRow[]>
  keep(row: SessionRow): Promise<void>
  forget(guild: string): Promise<void>
}

export function createSessionRows({ store }: { readonly store: Store }): SessionRows {
  return {
    async all() {
      const rows = await store.db.selectFrom('voice_sessions').selectAll().execute()
      return rows.map(({ guild, voice_channel, text_channel, started_by, since }) => ({
        ...{ guild, since },
        voiceChannel: voice_channel,
        textChannel: text_channel,
        startedBy: started_by,
      }))
    },
    async keep({ guild, voiceChannel, textChannel, startedBy, since }) {
      const row = { voice_channel: voiceChannel, text_channel: textChannel, started_by: startedBy, since }
      await store.db
        .insertInto('voice_sessions')
        .values({ guild, ...row })
        .onConflict((conflict) => conflict.column('guild').doUpdateSet(row))
        .execute()
    },
    async forget(guild) {
      await store.db.deleteFrom('voice_sessions').where('guild', '=', guild).execute()
    },
  }
}
