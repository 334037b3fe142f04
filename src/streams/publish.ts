import type { Redis } from 'ioredis'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Tracing } from '#src/tracing/tracing.ts'
import { streamKeys } from './stream-keys.ts'

/** What else a publication does, in the same step. */
export interface PublishOptions {
  /** Published already under this key in the last `seconds`: answers the id of then, and does nothing. */
  readonly once?: { readonly key: string; readonly seconds: number }
  /** A list that gets the message at its head too, for those who read lists; only its newest `most` are kept. */
  readonly list?: { readonly key: string; readonly most: number }
  /** A key that holds the newest message, for those who only want that one. */
  readonly latest?: string
}

/**
 * Append and publish in one step, so that nobody sees one without the other. The text is that of a JSON object: the id is put in front of
 * its closing brace, and nothing that was there changes.
 */
const SCRIPT = `
local once, list, latest, note = KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local known = once ~= '' and redis.call('GET', once)
if known then return known end
local number = redis.call('INCR', KEYS[2])
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'json', ARGV[2], 'n', number)
if once ~= '' then redis.call('SET', once, id, 'EX', ARGV[4]) end
if list ~= '' then
  redis.call('LPUSH', list, ARGV[2])
  redis.call('LTRIM', list, 0, ARGV[5] - 1)
end
if latest ~= '' then
  redis.call('SET', latest, ARGV[2])
  redis.call('HSET', note, 'sha1', redis.sha1hex(ARGV[2]), 'id', id)
end
local comma = #ARGV[2] > 2 and ',' or ''
redis.call('PUBLISH', ARGV[3], string.sub(ARGV[2], 1, -2) .. comma .. '"stream_id":"' .. id .. '"}')
return id`

export interface PublishDeps {
  /** One that never sends a command twice. */
  readonly client: Redis
  readonly maxLength: number
  readonly maxBytes: number
  readonly tracing: Tracing
}

export function createPublish({ client, maxLength, maxBytes, tracing }: PublishDeps) {
  async function append(channel: string, text: string, { once, list, latest }: PublishOptions): Promise<string> {
    const optional = [once ? streamKeys.once(once.key) : '', list?.key ?? '', latest ?? '', latest ? streamKeys.latest(latest) : '']
    const keys = [streamKeys.entries(channel), streamKeys.count(channel), ...optional]
    const values = [maxLength, text, channel, once?.seconds ?? 0, list?.most ?? 0]
    try {
      return String(await client.eval(SCRIPT, keys.length, ...keys, ...values))
    } catch (cause) {
      throw redisFault(cause, 'publish')
    }
  }

  return (channel: string, message: Readonly<Record<string, unknown>>, options: PublishOptions = {}): Promise<string> =>
    tracing.span(`publish ${channel}`, { kind: 'producer', attributes: { 'messaging.system': 'redis' } }, async () => {
      const { stream_id: _, ...own } = message
      const { traceparent } = tracing.carry()
      const text = JSON.stringify(traceparent === undefined ? own : { ...own, traceparent })
      if (Buffer.byteLength(text) > maxBytes) throw new UserError(`The message is larger than ${Math.floor(maxBytes / 1_024)} KB.`)
      return append(channel, text, options)
    })
}

/** What a caller is told: Redis said no, or it is not known whether it did it. */
export function redisFault(cause: unknown, operation: string): UpstreamError {
  const refused = cause instanceof Error && cause.name === 'ReplyError'
  const fault = { provider: 'Redis', operation, retryable: true, outcome: refused ? 'refused' : 'ambiguous' } as const
  return new UpstreamError(refused ? 'Redis refuses this now.' : 'Redis cannot be reached now.', fault, { cause })
}
