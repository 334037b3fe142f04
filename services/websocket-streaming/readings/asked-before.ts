import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { canonical } from '#src/kernel/canonical.ts'
import { Refusal } from '#src/service/refusal.ts'
import { redisFault } from '#src/streams/publish.ts'
import type { AskedReading } from './reading.ts'

/** Kept from before the publication until it is no longer refused a second time: what was asked for cannot become something else between. */
const SCRIPT = `
local known = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], known or ARGV[1], 'EX', ARGV[2])
return known or ARGV[1]`

const kept = z.object({ digest: z.string(), at: z.string() })

/**
 * When a reading was first asked for under this key: now, or before, by a request that may have failed. Throws a Refusal with 409 where it was
 * another reading, UpstreamError where Redis is away.
 */
export async function askedBefore(
  { client }: Pick<RedisConnection, 'client'>,
  { key, seconds, asked, now }: { readonly key: string; readonly seconds: number; readonly asked: AskedReading; readonly now: string },
): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonical(asked)))
    .digest('base64url')
  const own = JSON.stringify({ digest, at: now })
  const answer = await client
    .eval(SCRIPT, 1, `helix:reading:${key}`, own, seconds)
    .catch((cause) => Promise.reject(redisFault(cause, 'look for the reading')))
  const first = kept.parse(JSON.parse(String(answer)))
  if (first.digest !== digest) throw new Refusal(409, 'This Idempotency-Key was used for another reading.')
  return first.at
}
