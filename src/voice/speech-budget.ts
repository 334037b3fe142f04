import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'

export interface SpeechBudgetDeps {
  readonly store: Store
  readonly clock: Clock
  /** Of one guild on one day (UTC): HELIX_SPEECH_SECONDS_PER_DAY. */
  readonly secondsPerDay: number
}

export interface SpeechBudgetState {
  readonly usedSeconds: number
  readonly allowedSeconds: number
  /** When the next day begins. */
  readonly renewsAt: Date
}

/** Recognising speech costs money by the second: how much of it a guild may use in a day. Counted in the database, for all processes. */
export interface SpeechBudget {
  state(guild: string): Promise<SpeechBudgetState>
  /** True for the first one to ask, on a day, after the budget was used up: that the channel is told once. */
  tellOnce(guild: string): Promise<boolean>
  count(guild: string, seconds: number): Promise<void>
  /** Forgets the days before that moment. Answers how many rows. */
  prune(before: Date): Promise<number>
}

const DAY_MS = 86_400_000

export function createSpeechBudget({ store, clock, secondsPerDay }: SpeechBudgetDeps): SpeechBudget {
  const { db } = store
  const today = () => dayOf(clock.now())

  return {
    async state(guild) {
      const row = await db
        .selectFrom('speech_usage')
        .select('seconds')
        .where('guild', '=', guild)
        .where('day', '=', today())
        .executeTakeFirst()
      const renewsAt = new Date(Date.parse(today()) + DAY_MS)
      return { usedSeconds: row?.seconds ?? 0, allowedSeconds: secondsPerDay, renewsAt }
    },
    async tellOnce(guild) {
      const told = await db
        .insertInto('speech_usage')
        .values({ guild, day: today(), seconds: 0, told_at: clock.now() })
        .onConflict((conflict) =>
          conflict
            .columns(['guild', 'day'])
            .doUpdateSet(({ ref }) => ({ told_at: ref('excluded.told_at') }))
            .where('speech_usage.told_at', 'is', null),
        )
        .executeTakeFirst()
      return told.numInsertedOrUpdatedRows === 1n
    },
    async count(guild, seconds) {
      await db
        .insertInto('speech_usage')
        .values({ guild, day: today(), seconds: Math.ceil(seconds), told_at: null })
        .onConflict((conflict) =>
          conflict
            .columns(['guild', 'day'])
            .doUpdateSet((eb) => ({ seconds: eb('speech_usage.seconds', '+', eb.ref('excluded.seconds')) })),
        )
        .execute()
    },
    async prune(before) {
      const { numDeletedRows } = await db.deleteFrom('speech_usage').where('day', '<', dayOf(before)).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

/** For people, in writing or aloud. */
export function budgetSentence({ allowedSeconds, renewsAt }: SpeechBudgetState): string {
  const amount = allowedSeconds < 120 ? `${allowedSeconds} seconds` : `${Math.round(allowedSeconds / 60)} minutes`
  return `Helix has heard as much speech here today as it may: ${amount}. It listens again at ${renewsAt.toISOString().slice(11, 16)} UTC.`
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
