import type { Redis, RedisOptions } from 'ioredis'
import type { Log } from '#src/kernel/log.ts'

/**
 * A connection like another one, which sends no command twice: what is under way when it is lost fails at once, because it may have been
 * done. That Redis is away is said by the connection that it was made from.
 */
export function ownConnection(redis: Redis, log: Log, options: RedisOptions = {}): Redis {
  const client = redis.duplicate({ ...options, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 })
  return client.on('error', (err) => log.debug({ err }, 'a connection for streams failed'))
}
