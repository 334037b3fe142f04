import type { DiscordCommands } from '#src/adapters/discord/discord.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { slashPayload } from './slash-payload.ts'

export interface Registration {
  /** Brings Discord's list up to date. Answers what changed, a line each; none where nothing did, and then nothing was written. */
  register(): Promise<readonly string[]>
  /** Resolves when the first `register` is over, however it went. */
  tried(): Promise<void>
}

/** In the one guild that is served where there is one (there at once), else globally. */
export function createRegistration(book: CommandBook, commands: DiscordCommands, guild: string | undefined): Registration {
  const first = Promise.withResolvers<void>()
  return {
    register: () => commands.register(slashPayload(book), guild).finally(first.resolve),
    tried: () => first.promise,
  }
}
