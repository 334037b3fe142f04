import { once } from 'node:events'
import { Redis } from 'ioredis'
import type { Log } from '#src/kernel/log.ts'

export interface RedisDeps {
  /** `redis://` or `rediss://`. */
  readonly url: string
  readonly log: Log
}

export interface RedisConnection {
  readonly client: Redis
  /** A PING. Rejects at once while the connection is lost; waits for the answer of a connection that is being made. */
  check(): Promise<void>
  close(): Promise<void>
}

const LONGEST_PAUSE_MS = 2_000

/**
 * Connects in the background and again for ever, never throwing for an outage; it is logged once when it begins and once when it ends.
 * A command given during one fails after one more attempt to connect, so that its caller can say so.
 * https://github.com/redis/ioredis
 */
export function createRedis({ url, log }: RedisDeps): RedisConnection {
  const client = new Redis(url, {
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(attempt, 10)),
  })
  logOutages(client, log)

  return {
    client,
    async check() {
      if (client.status === 'reconnecting' || client.status === 'end') throw new Error('Redis is not connected')
      if (client.status !== 'ready') await connected(client)
      await ping(client)
    },
    async close() {
      if (client.status === 'ready') await client.quit()
      else client.disconnect()
    },
  }
}

/** A connection into the void is dropped, so that a new one is made. */
async function ping(client: Redis): Promise<void> {
  try {
    await client.ping()
  } catch (error) {
    const answered = error instanceof Error && error.name === 'ReplyError'
    if (!answered && client.status === 'ready') client.disconnect(true)
    throw error
  }
}

async function connected(client: Redis): Promise<void> {
  const settled = new AbortController()
  const { signal } = settled
  const lost = once(client, 'close', { signal }).then(() => {
    throw new Error('Redis cannot be reached')
  })
  try {
    await Promise.race([once(client, 'ready', { signal }), lost])
  } finally {
    settled.abort()
  }
}

function logOutages(client: Redis, log: Log): void {
  let since: number | undefined
  client.on('error', (err) => {
    if (since !== undefined) return
    since = performance.now()
    log.warn({ err }, 'Redis cannot be reached: trying again until it can')
  })
  client.on('ready', () => {
    if (since !== undefined) log.info({ seconds: Math.round((performance.now() - since) / 1_000) }, 'Redis is reached again')
    since = undefined
  })
}
