import type { Redis } from 'ioredis'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { streamKeys } from './stream-keys.ts'

/**
 * Append and publish in one step, so that nobody sees one without the other. The text is that of a JSON object: the id is put in front of
 * its closing brace, and nothing that was there changes.
 */
const SCRIPT = `
local number = redis.call('INCR', KEYS[2])
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'json', ARGV[2], 'n', number)
local comma = #ARGV[2] > 2 and ',' or ''
redis.call('PUBLISH', ARGV[3], string.sub(ARGV[2], 1, -2) .. comma .. '"stream_id":"' .. id .. '"}')
return id`

export interface PublishDeps {
  /** One that never sends a command twice. */
  readonly client: Redis
  readonly maxLength: number
  readonly maxBytes: number
  readonly traceparent: () => string | undefined
}

export function createPublish({ client, maxLength, maxBytes, traceparent }: PublishDeps) {
  return async (channel: string, message: Readonly<Record<string, unknown>>): Promise<string> => {
    const { stream_id: _, ...own } = message
    const trace = traceparent()
    const text = JSON.stringify(trace === undefined ? own : { ...own, traceparent: trace })
    if (Buffer.byteLength(text) > maxBytes) throw new UserError(`The message is larger than ${Math.floor(maxBytes / 1_024)} KB.`)
    try {
      return String(await client.eval(SCRIPT, 2, streamKeys.entries(channel), streamKeys.count(channel), maxLength, text, channel))
    } catch (cause) {
      throw redisFault(cause, 'publish')
    }
  }
}

/** What a caller is told: Redis said no, or it is not known whether it did it. */
export function redisFault(cause: unknown, operation: string): UpstreamError {
  const refused = cause instanceof Error && cause.name === 'ReplyError'
  const fault = { provider: 'Redis', operation, retryable: true, outcome: refused ? 'refused' : 'ambiguous' } as const
  return new UpstreamError(refused ? 'Redis refuses this now.' : 'Redis cannot be reached now.', fault, { cause })
}
