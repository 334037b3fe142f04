import type { IncomingButton, IncomingCommand } from '#src/adapters/discord/discord.ts'
import type { Dispatch } from '#src/kernel/dispatch.ts'

/** `answered`: it did what was asked. `denied`: the member may not. `refused`: it could not be done as asked. `failed`: Helix or a provider failed. */
export type InteractionOutcome = 'answered' | 'denied' | 'refused' | 'failed'

/** The table `discord_interactions`: a row for each command and each button of a member, for the figures of other services. Not the audit. */
export interface Interactions {
  /** The same dispatch, whose outcomes are noted. */
  noting(dispatch: Dispatch): Dispatch
  /** The same door; when it is through with an interaction, a row is on its way to the table. Nothing waits for that. */
  recording<Incoming extends IncomingCommand | IncomingButton>(
    door: (incoming: Incoming) => Promise<void>,
  ): (incoming: Incoming) => Promise<void>
  /** Forgets the rows before that moment. Answers how many. */
  prune(before: Date): Promise<number>
  /** Resolves when what was noted is written, or could not be. */
  stop(): Promise<void>
}
