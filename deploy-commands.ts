import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { z } from 'zod'
import { createDiscordCommands } from '#src/adapters/discord/commands.ts'
import { botConfig } from '#src/config/bot-config.ts'
import { readConfig } from '#src/config/read-config.ts'
import { createRegistration } from '#src/doors/registration.ts'
import { slashPayload } from '#src/doors/slash-payload.ts'
import { ConfigError, UpstreamError } from '#src/kernel/errors.ts'
import { loadCommands } from '#src/kernel/load.ts'
import { count } from '#src/kernel/say.ts'

/**
 * Registers commands/ with Discord, as the bot does at its start: for one server where DISCORD_GUILD_ID is set (and for no other, or members
 * would see each command twice), else everywhere. `--dry-run` only says what would change.
 */
const { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_API_URL } = botConfig.shape
const variables = z.object({ DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_API_URL })

async function deployCommands(dryRun: boolean): Promise<void> {
  const config = readConfig(variables, process.env)
  const book = await loadCommands(new URL('./commands/', import.meta.url))
  const guild = config.DISCORD_GUILD_ID
  const commands = createDiscordCommands({
    token: config.DISCORD_BOT_TOKEN,
    apiUrl: config.DISCORD_API_URL,
    applicationId: config.DISCORD_CLIENT_ID,
    log: pino({ level: 'warn' }),
  })
  const registration = createRegistration(book, commands, guild)
  const lines = await (dryRun ? registration.differences() : registration.register())
  for (const line of lines) console.log(line)
  console.log(`${summary(lines.length, slashPayload(book).length, dryRun)} ${whereWords(guild)}`)
}

function summary(changes: number, commands: number, dryRun: boolean): string {
  if (changes === 0) return `Nothing to change: ${count(commands, 'command')} stand`
  return dryRun ? `Nothing was written (--dry-run): ${count(changes, 'change')}` : `Written: ${count(changes, 'change')}`
}

function whereWords(guild: string | undefined): string {
  return guild === undefined
    ? 'for every server. What stands for a single server is left as it is: set DISCORD_GUILD_ID to change that.'
    : `for the server ${guild}, so that each command is there once.`
}

try {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
  await deployCommands(values['dry-run'])
} catch (error) {
  if (error instanceof ConfigError || error instanceof UpstreamError) console.error(error.message)
  else console.error(error)
  process.exitCode = 1
}
