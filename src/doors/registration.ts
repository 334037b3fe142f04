import type { DiscordCommands } from '#src/adapters/discord/discord.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import { slashPayload } from './slash-payload.ts'

export interface Registration {
  /** Brings Discord's list up to date. Answers what changed, a line each; none where nothing did, and then nothing was written. */
  register(): Promise<readonly string[]>
  /** What `register` would change. Writes nothing. */
  differences(): Promise<readonly string[]>
  /** Resolves when the first `register` is over, however it went. */
  tried(): Promise<void>
}

/** In the one guild that is served where there is one (there at once), else globally. */
export function createRegistration(book: CommandBook, commands: DiscordCommands, guild: string | undefined): Registration {
  const first = Promise.withResolvers<void>()
  async function registerBoth(dryRun: boolean): Promise<readonly string[]> {
    const changed = await commands.register(slashPayload(book), guild, { dryRun })
    // Those of an earlier start without DISCORD_GUILD_ID would stand beside them, twice in every member's list.
    if (guild === undefined) return changed
    const everywhere = await commands.register([], undefined, { dryRun })
    return [...changed, ...everywhere.map((line) => `${line} (for every server)`)]
  }
  return {
    register: () => registerBoth(false).finally(first.resolve),
    differences: () => registerBoth(true),
    tried: () => first.promise,
  }
}
