import type { Redis } from 'ioredis'
import { redisFault } from './publish.ts'
import { readEntries } from './read.ts'
import { jsonObject } from './stream-entry.ts'
import { streamKeys } from './stream-keys.ts'

/**
 * What is kept, where nothing newer is in the stream. When somebody else wrote it is not known: it is as new as the entry of the same text,
 * else as the stream was when it was first seen here.
 */
const SCRIPT = `
local kept = redis.call('GET', KEYS[1])
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
if not kept or not newest then return kept end
local known = redis.call('HMGET', KEYS[3], 'sha1', 'id')
local sha1, id = redis.sha1hex(kept), known[2]
if known[1] ~= sha1 then
  id = newest[1]
  for _, row in ipairs(redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', ARGV[1])) do
    if row[2][1] == 'json' and row[2][2] == kept then
      id = row[1]
      break
    end
  end
  redis.call('HSET', KEYS[3], 'sha1', sha1, 'id', id)
end
return id == newest[1] and kept`

/** How many entries are looked at for the same text. */
const LOOKED_AT = 20

/**
 * The newest message of a channel of which a key holds the newest, by the order of the stream; where somebody else wrote the key since, what
 * they wrote. Throws UpstreamError where Redis is away.
 */
export async function readLatest(client: Redis, channel: string, key: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const kept = await client
    .eval(SCRIPT, 3, key, streamKeys.entries(channel), streamKeys.latest(key), LOOKED_AT)
    .catch((cause) => Promise.reject(redisFault(cause, 'read the latest message')))
  const message = typeof kept === 'string' ? jsonObject(kept) : undefined
  return message ?? (await readEntries(client, channel, { count: 1 }))[0]?.message
}
