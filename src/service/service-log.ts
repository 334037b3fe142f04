import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'

export interface ServiceLogOptions {
  readonly service: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** Standard output unless told. */
  readonly destination?: DestinationStream
}

const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey']
const REDACTED = [...SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), 'err.command', 'err.client']

/** One JSON line per entry. Secret fields are replaced, and so is the part of a URL that holds a user and a password. */
export function createServiceLog({ service, level, destination }: ServiceLogOptions): Logger {
  const options = {
    level,
    base: { service },
    redact: { paths: REDACTED, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: withoutCredentials },
  }
  return destination ? pino(options, destination) : pino(options)
}

function withoutCredentials(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, ...rest } = stdSerializers.err(error)
  return { ...rest, type, message: hideCredentials(message), stack: hideCredentials(stack) }
}

function hideCredentials(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1[redacted]@')
}
