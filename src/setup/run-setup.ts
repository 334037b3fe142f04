import { roles } from '#src/kernel/command.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { DiscordAccount } from './discord-account.ts'
import { readDotenv, withValues, writeDotenv } from './dotenv-file.ts'
import { setupDiscord } from './setup-discord.ts'
import { type ConnectRailway, setupRailway } from './setup-railway.ts'
import { InputEnded, Interrupted, type Terminal } from './terminal.ts'

export interface SetupOptions {
  readonly terminal: Terminal
  /** The file to write. */
  readonly path: string
  readonly readDiscord: (token: string) => Promise<DiscordAccount>
  readonly connectRailway: ConnectRailway
}

const whoMay = `Who may do what: the server's owner and its administrators are admin, and nobody else has a role yet. HELIX_ROLES in that file gives
roles of your server one of Helix: HELIX_ROLES=<role id>:<${roles.join('|')}>,… (docs/variables.md).`

/** What a shell answers for a program that Ctrl-C ended. */
const interruptedCode = 130

/** The dialogue from the first question to the written file. Answers the exit code; nothing is written unless all of it was answered. */
export async function runSetup({ terminal, path, readDiscord, connectRailway }: SetupOptions): Promise<number> {
  try {
    const { text, values } = await readDotenv(path)
    const discord = await setupDiscord(terminal, values, readDiscord)
    const railway = await setupRailway(terminal, values, connectRailway)
    await writeDotenv(path, withValues(text, { ...discord, ...railway }))
    if (!values.HELIX_ROLES) terminal.say(whoMay)
    terminal.say(`Written to ${path}. Now: npm start`)
    return 0
  } catch (error) {
    if (!(error instanceof InputEnded || error instanceof Interrupted || error instanceof UserError)) throw error
    terminal.say(error.message)
    return error instanceof Interrupted ? interruptedCode : 1
  } finally {
    terminal.close()
  }
}
