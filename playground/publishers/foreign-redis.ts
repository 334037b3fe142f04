import { Redis } from 'ioredis'

/** A client of Redis like any other service's: it only PUBLISHes. */
export interface ForeignRedis {
  /** How many heard each message; undefined for one that Redis did not take. */
  publish(messages: readonly (readonly [channel: string, message: string | Buffer])[]): Promise<readonly (number | undefined)[]>
  close(): void
}

/** Connects at the first message, and again whenever Redis is back. */
export function createForeignRedis(url: string): ForeignRedis {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(2_000, 100 * attempt),
  })
  client.on('error', () => {}) // an outage is what is tried out here: the figures show what was not taken
  return {
    async publish(messages) {
      const pipeline = client.pipeline()
      for (const [channel, message] of messages) pipeline.publish(channel, message)
      const results = await pipeline.exec().catch(() => null)
      return messages.map((_, index) => {
        const [error, heard] = results?.[index] ?? [new Error('not taken'), 0]
        return error ? undefined : Number(heard)
      })
    },
    close: () => client.disconnect(),
  }
}
