import { ConfigError } from '#src/kernel/errors.ts'
import type { Environment } from './stores.ts'

const levels = ['debug', 'info', 'warn', 'error']

/** What the launcher and the playground read themselves, checked before anything is started. Throws ConfigError that names all and prints no value. */
export function checkVariables({ LOG_LEVEL, PLAYGROUND_PORT }: Environment): void {
  const problems = [
    LOG_LEVEL && !levels.includes(LOG_LEVEL) && 'LOG_LEVEL must be debug, info, warn or error',
    PLAYGROUND_PORT && !isPort(PLAYGROUND_PORT) && 'PLAYGROUND_PORT must be a port: a whole number from 0 to 65535',
  ].filter((problem) => typeof problem === 'string' && problem !== '')
  if (problems.length > 0) throw new ConfigError(problems as string[])
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}
