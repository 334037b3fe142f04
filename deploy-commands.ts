import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { z } from 'zod'
import { createDiscordCommands } from '#src/adapters/discord/commands.ts'
import { botConfig } from '#src/config/bot-config.ts'
import { readConfig } from '#src/config/read-config.ts'
import { slashPayload } from '#src/doors/slash-payload.ts'
import { ConfigError, UpstreamError } from '#src/kernel/errors.ts'
import { loadCommands } from '#src/kernel/load.ts'

/** Registers commands/ with Discord: for one server where DISCORD_GUILD_ID is set, else everywhere. `--dry-run` only says what would change. */
const { DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_API_URL } = botConfig.shape
const variables = z.object({ DISCORD_BOT_TOKEN, DISCORD_CLIENT_ID, DISCORD_GUILD_ID, DISCORD_API_URL })

async function deployCommands(dryRun: boolean): Promise<void> {
  const config = readConfig(variables, process.env)
  const payload = slashPayload(await loadCommands(new URL('./commands/', import.meta.url)))
  const guild = config.DISCORD_GUILD_ID
  const commands = createDiscordCommands({
    token: config.DISCORD_BOT_TOKEN,
    apiUrl: config.DISCORD_API_URL,
    applicationId: config.DISCORD_CLIENT_ID,
    log: pino({ level: 'warn' }),
  })
  const lines = await commands.register(payload, guild, { dryRun })
  for (const line of lines) console.log(line)
  const where = guild === undefined ? 'for every server' : `for the server ${guild}`
  if (lines.length === 0) console.log(`Nothing to change: ${payload.length} commands stand ${where}.`)
  else
    console.log(
      dryRun ? `Nothing was written (--dry-run): ${lines.length} to change ${where}.` : `Written: ${lines.length} changed ${where}.`,
    )
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
