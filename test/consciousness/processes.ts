import { randomUUID } from 'node:crypto'
import { createRedis } from '#src/adapters/redis/redis.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createConsciousness } from '#src/consciousness/create-consciousness.ts'
import type { Place } from '#src/kernel/call.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { createLease } from '#src/signals/lease.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import { createStreams } from '#src/streams/streams.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'

export const place: Place = { guild: 'g', project: 'p', environment: 'e' }

/** The real time, in which waiting is short. */
const clock: Clock = { now: () => new Date(), sleep: (ms, signal) => systemClock().sleep(ms / 20, signal) }

async function unreached(_: Place): Promise<EnvironmentSignals> {
  const fault = { provider: 'Railway', operation: 'environment', retryable: true, outcome: 'ambiguous' } as const
  throw new UpstreamError('Railway cannot be reached.', fault)
}

/** A database and a Redis, and any number of processes' consciousness on them. */
export async function processes() {
  /** What a look at an environment that nobody watches finds; each counts. */
  const once = { looks: 0, find: unreached }
  const [database, redis] = await Promise.all([createTestDatabase(), redisServer()])
  const endings: (() => Promise<unknown>)[] = []

  async function join() {
    const log = quietLog()
    const store = createStore({ url: database.url, poolSize: 4, log })
    const connection = createRedis({ url: redis.url, log })
    const streams = createStreams({ redis: connection, clock: systemClock(), log, leaseMs: 300 })
    const lease = createLease({ store, name: 'consciousness', holder: randomUUID(), ttlMs: 5_000, log })
    const readOnce = async (of: Place) => {
      once.looks += 1
      return once.find(of)
    }
    const consciousness = createConsciousness({ store, streams, lease, home: () => place, readOnce, clock, log })
    let isOver = false
    const leave = async () => {
      if (isOver) return
      isOver = true
      await consciousness.stop()
      await streams.close()
      await connection.close()
      await store.close()
    }
    endings.push(leave)
    await consciousness.start()
    return { consciousness, store, streams, redis: connection.client, log, leave }
  }

  return {
    join,
    once,
    async end() {
      for (const leave of endings) await leave()
      await redis.stop()
      await database.drop()
    },
  }
}
