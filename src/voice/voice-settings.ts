import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'

/** How a guild wants to be heard and answered. */
export interface VoiceSettings {
  /** Any of these, at the beginning of a sentence, makes it one for Helix. */
  readonly wakeWords: readonly string[]
  /** BCP-47: what is spoken, and how Helix answers. */
  readonly language: string
  /** Google's name of a voice; undefined: its choice for the language. */
  readonly voice: string | undefined
  /** How many days transcripts are kept; 0: until the exchange is over. */
  readonly keepDays: number
  /** Text channel where exchanges are shown; undefined: where /voice join was used. */
  readonly channel: string | undefined
}

export const voiceDefaults: VoiceSettings = {
  wakeWords: ['helix'],
  language: 'en-US',
  voice: undefined,
  keepDays: 7,
  channel: undefined,
}

export interface VoiceSettingsStore {
  of(guild: string): Promise<VoiceSettings>
  /** Answers how they are now. */
  change(guild: string, changed: Partial<VoiceSettings>): Promise<VoiceSettings>
}

export function createVoiceSettings({ store, clock }: { readonly store: Store; readonly clock: Clock }): VoiceSettingsStore {
  const of = async (guild: string): Promise<VoiceSettings> => {
    const row = await store.db.selectFrom('voice_settings').selectAll().where('guild', '=', guild).executeTakeFirst()
    if (!row) return voiceDefaults
    return {
      wakeWords: row.wake_words,
      language: row.language,
      voice: row.voice ?? undefined,
      keepDays: row.keep_days,
      channel: row.channel ?? undefined,
    }
  }
  return {
    of,
    async change(guild, changed) {
      const settings = { ...(await of(guild)), ...changed }
      const row = {
        wake_words: JSON.stringify(settings.wakeWords),
        language: settings.language,
        voice: settings.voice ?? null,
        keep_days: settings.keepDays,
        channel: settings.channel ?? null,
        updated_at: clock.now(),
      }
      await store.db
        .insertInto('voice_settings')
        .values({ guild, ...row })
        .onConflict((conflict) => conflict.column('guild').doUpdateSet(row))
        .execute()
      return settings
    },
  }
}
