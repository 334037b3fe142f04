import { type DestinationStream, type Logger, pino } from 'pino'
import { redactLine } from './redact-line.ts'

export interface ServiceLogOptions {
  readonly service: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** Standard output unless told. */
  readonly destination?: DestinationStream
}

/** Replaced whatever they hold, three levels deep; what looks like a secret elsewhere is found by its form (redact-line.ts). */
const SECRET_FIELDS = [
  ...['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'accessToken', 'refreshToken', 'jwt', 'apiKey', 'privateKey'],
  ...['access_token', 'refresh_token', 'api_key', 'private_key', 'client_secret', 'signature', 'x-zapier-signature', 'x-api-key'],
]
const REDACTED = [...SECRET_FIELDS.flatMap(pathsOf), 'err.command', 'err.client']

/** One JSON line per entry, without secrets. */
export function createServiceLog({ service, level, destination }: ServiceLogOptions): Logger {
  const options = {
    level,
    base: { service },
    redact: { paths: REDACTED, censor: '[redacted]' },
    hooks: { streamWrite: redactLine },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  }
  return destination ? pino(options, destination) : pino(options)
}

function pathsOf(field: string): readonly string[] {
  const step = /^\w+$/.test(field) ? `.${field}` : `["${field}"]`
  return [step.replace(/^\./, ''), `*${step}`, `*.*${step}`]
}
