import { existsSync } from 'node:fs'
import { argv, env, loadEnvFile, stdin, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { z } from 'zod'
import { createRailway } from './adapters/railway/create-railway.ts'
import { botConfig } from './config/bot-config.ts'
import { readConfig } from './config/read-config.ts'
import { helixVersion } from './config/version.ts'
import { systemClock } from './kernel/clock.ts'
import { readDiscordAccount } from './setup/discord-account.ts'
import { runSetup } from './setup/run-setup.ts'
import { createTerminal } from './setup/terminal.ts'

// `npm run setup -- other.env` writes another file.
const path = argv[2] ?? fileURLToPath(new URL('../.env', import.meta.url))
if (existsSync(path)) loadEnvFile(path)
const { DISCORD_API_URL, RAILWAY_API_URL } = botConfig.shape
const urls = readConfig(z.object({ DISCORD_API_URL, RAILWAY_API_URL }), env)
const version = helixVersion()
const log = pino({ level: 'silent' }) // What goes wrong is thrown, and said to the person.

process.exitCode = await runSetup({
  terminal: createTerminal(stdin, stdout),
  path,
  readDiscord: (token) => readDiscordAccount({ url: urls.DISCORD_API_URL, token, version }),
  connectRailway: (token) => createRailway({ url: urls.RAILWAY_API_URL, token, version, clock: systemClock(), log }),
})
