import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { asText, exitCodeOf } from '#src/doctor/as-text.ts'
import { examineAlone } from '#src/examine-alone.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { readBotVariables } from '#src/launch/bot-variables-file.ts'

/**
 * `npm run doctor`: what Helix stands on, from the variables alone; no bot needs to run. With `npm start` running on this machine, its stores
 * and secrets are looked at as well, and without a bot token the playground that runs. Exit code 0: nothing to mend; 1: warnings; 2: problems.
 */
const root = new URL('../', import.meta.url)
const dotenv = fileURLToPath(new URL('.env', root))
if (existsSync(dotenv)) process.loadEnvFile(dotenv)

const { env, stdout } = process
const kind = env.DISCORD_BOT_TOKEN ? 'bot' : 'playground'
const given = readBotVariables(env.HELIX_DATA ? resolve(env.HELIX_DATA) : fileURLToPath(new URL('.helix', root)), kind)
if (kind === 'playground' && !given) {
  stdout.write(
    'There is no DISCORD_BOT_TOKEN, neither in the environment nor in .env, and no playground runs here: there is nothing to examine but the variables.\n' +
      'To look at the playground: npm start, then npm run doctor in another terminal. For a bot of your own: npm run setup.\n\n',
  )
} else stdout.write(kind === 'playground' ? 'The playground that runs on this machine.\n\n' : 'The bot that the variables name.\n\n')

// Real vendors' keys have no business in the playground.
const { RAILWAY_TOKEN: _, ...own } = env
const environment = kind === 'playground' ? { ...own, ...given } : { ...env, ...given }
const examination = await examineAlone({ environment, clock: systemClock(), log: pino({ level: 'silent' }) })
stdout.write(asText(examination, stdout.columns ?? 110))
process.exitCode = exitCodeOf(examination)
