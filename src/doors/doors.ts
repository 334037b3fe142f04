import type { IncomingInteraction } from '#src/adapters/discord/discord.ts'

/** Where Discord's interactions come in: each is translated, acknowledged, dispatched and rendered. */
export interface Doors {
  receive(incoming: IncomingInteraction): Promise<void>
}
