import { flushCompileCache } from 'node:module'
import type { Logger } from 'pino'
import { type BotConfig, botConfig } from './config/bot-config.ts'
import { readConfig } from './config/read-config.ts'
import { ConfigError, configExitCode } from './kernel/errors.ts'
import { createServiceLog } from './service/service-log.ts'

export interface BotParts {
  readonly config: BotConfig
  readonly log: Logger
  /** Ends the process: what cannot go on must not seem alive. */
  readonly end: (reason: string, code: number) => void
}

export type StartBot = (parts: BotParts) => Promise<{ stop(): Promise<void> }>

const STOP_LIMIT_MS = 15_000

/** The bot as a process: one error for a configuration that cannot work, an orderly end on a signal. */
export async function runBot(start: StartBot, host: NodeJS.Process): Promise<void> {
  const config = configOrExit(host)
  const log = createServiceLog({ service: 'bot', level: config.LOG_LEVEL })
  let running: { stop(): Promise<void> } | undefined
  let ending = false
  const end = (reason: string, code: number) => {
    if (ending) return
    ending = true
    log.info({ reason }, 'stopping')
    const overdue = setTimeout(() => host.exit(code || 1), STOP_LIMIT_MS)
    Promise.resolve(running?.stop())
      .catch((err: unknown) => log.error({ err }, 'the stop was not clean'))
      .finally(() => {
        clearTimeout(overdue)
        host.exit(code)
      })
  }
  host.on('SIGTERM', () => end('SIGTERM', 0))
  host.on('SIGINT', () => end('SIGINT', 0))
  host.on('unhandledRejection', (err) => log.error({ err }, 'a rejection that nobody handled'))
  host.on('uncaughtException', (err) => {
    log.fatal({ err }, 'stopped by a bug')
    host.exit(1)
  })
  try {
    running = await start({ config, log, end })
  } catch (error) {
    if (error instanceof ConfigError) return refuse(error, host)
    log.fatal({ err: error }, 'the bot could not start')
    host.stderr.write(`Helix could not start: ${error instanceof Error ? error.message : String(error)}\n`)
    host.exit(1)
  }
  host.send?.({ ready: true })
  // Now, and not at the exit: the next start is faster even if this one is killed.
  flushCompileCache()
}

function configOrExit(host: NodeJS.Process): BotConfig {
  try {
    return readConfig(botConfig, host.env)
  } catch (error) {
    if (error instanceof ConfigError) return refuse(error, host)
    throw error
  }
}

function refuse(error: ConfigError, host: NodeJS.Process): never {
  host.stderr.write(`${error.message}\n`)
  host.exit(configExitCode)
}
