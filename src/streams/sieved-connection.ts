import { createConnection, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls'
import type { Redis, RedisOptions } from 'ioredis'
import type { Log } from '#src/kernel/log.ts'
import { ownConnection } from './own-connection.ts'
import { createSieve } from './sieve.ts'

type Drops = Parameters<typeof createSieve>[0]
type Where = Pick<RedisOptions, 'host' | 'port' | 'path' | 'family' | 'disconnectTimeout'> & { readonly tls?: ConnectionOptions }

/**
 * A connection like another one, for listening, that never sees the messages that `drops` is true of: to decode them would be most of the work
 * of a process that hears a channel for the sake of a few others.
 */
export function sievedConnection(redis: Redis, log: Log, drops: Drops): Redis {
  class Connector extends SievedConnector {
    constructor(where: Where) {
      super(where, drops)
    }
  }
  return ownConnection(redis, log, { Connector: Connector as unknown as NonNullable<RedisOptions['Connector']> })
}

/** As ioredis' own for a single server; each connection that it makes has a sieve before its data. https://github.com/redis/ioredis */
class SievedConnector {
  firstError: Error | undefined
  readonly #where: Where
  readonly #drops: Drops
  #stream: Socket | undefined
  #isWanted = false

  constructor(where: Where, drops: Drops) {
    this.#where = where
    this.#drops = drops
  }

  check(): boolean {
    return true
  }

  async connect(): Promise<Socket> {
    this.#isWanted = true
    await new Promise(process.nextTick)
    if (!this.#isWanted) throw new Error('Connection is closed.')
    const { host, port, path, family, tls } = this.#where
    const at = path ? { path } : { port: port ?? 6_379, ...(host && { host }), ...(family !== undefined && { family }) }
    const stream = tls ? connectSecurely({ ...at, ...tls }) : createConnection(at)
    this.#stream = stream
    stream.once('error', (error) => {
      this.firstError = error
    })
    return sieved(stream, createSieve(this.#drops))
  }

  disconnect(): void {
    this.#isWanted = false
    const stream = this.#stream
    if (!stream) return
    const insist = setTimeout(() => stream.destroy(), this.#where.disconnectTimeout ?? 2_000)
    stream.once('close', () => clearTimeout(insist))
    stream.end()
  }
}

/** What the socket pushes to its readers goes through the sieve. */
function sieved(stream: Socket, sieve: (chunk: Buffer) => Buffer): Socket {
  const push = stream.push.bind(stream)
  stream.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) return push(chunk, encoding)
    try {
      const left = sieve(chunk)
      return left.length > 0 ? push(left, encoding) : true
    } catch (error) {
      stream.destroy(error as Error)
      return false
    }
  }
  return stream
}
