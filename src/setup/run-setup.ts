import { UserError } from '#src/kernel/errors.ts'
import type { DiscordAccount } from './discord-account.ts'
import { readDotenv, withValues, writeDotenv } from './dotenv-file.ts'
import { setupDiscord } from './setup-discord.ts'
import { type ConnectRailway, setupRailway } from './setup-railway.ts'
import { InputEnded, type Terminal } from './terminal.ts'

export interface SetupOptions {
  readonly terminal: Terminal
  /** The file to write. */
  readonly path: string
  readonly readDiscord: (token: string) => Promise<DiscordAccount>
  readonly connectRailway: ConnectRailway
}

/** The dialogue from the first question to the written file. Answers the exit code; nothing is written unless all of it was answered. */
export async function runSetup({ terminal, path, readDiscord, connectRailway }: SetupOptions): Promise<number> {
  try {
    const { text, values } = await readDotenv(path)
    const discord = await setupDiscord(terminal, values.DISCORD_BOT_TOKEN, readDiscord)
    const railway = await setupRailway(terminal, values.RAILWAY_TOKEN || values.RAILWAY_API_TOKEN, connectRailway)
    await writeDotenv(path, withValues(text, { ...discord, ...railway }))
    terminal.say(`Written to ${path}. Now: npm start`)
    return 0
  } catch (error) {
    if (!(error instanceof InputEnded || error instanceof UserError)) throw error
    terminal.say(error.message)
    return 1
  } finally {
    terminal.close()
  }
}
