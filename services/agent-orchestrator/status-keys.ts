import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { readJson } from '#src/kernel/read-json.ts'

/** What agents say of themselves in Redis, each in a key of its own: `agent_status:<agent_id>`. Some write theirs without asking us. */
export interface StatusKeys {
  /**
   * Every status by agent id, at most a second old, up to `limits.most`; what is no JSON is a text. Undefined where Redis does not tell them
   * within `limits.patienceMs`: whoever asks wants to know of agents, not to wait for Redis.
   */
  read(): Promise<Statuses | undefined>
  write(statuses: readonly AgentStatus[]): Promise<void>
  remove(agentId: string): Promise<void>
}

export type Statuses = Readonly<Record<string, unknown>>

export interface AgentStatus {
  readonly agentId: string
  readonly status: Readonly<Record<string, unknown>>
  readonly expiresInSeconds: number
}

export const limits = { most: 10_000, freshMs: 1_000, page: 1_000, patienceMs: 1_000 } as const
const PREFIX = 'agent_status:'
const AWAY = ['close', 'reconnecting', 'end']

export interface StatusKeysDeps {
  readonly redis: Pick<RedisConnection, 'client'>
  readonly clock: Clock
  readonly log: Log
}

export function createStatusKeys({ redis, clock, log }: StatusKeysDeps): StatusKeys {
  let last: { readonly at: number; readonly reading: Promise<Statuses | undefined> } | undefined
  let failing = false

  /** A connection that is known to be lost is not waited for. */
  async function readNow(): Promise<Statuses | undefined> {
    const enough = new AbortController()
    const late = clock.sleep(limits.patienceMs, enough.signal).then(() => {
      throw new Error('No answer in time')
    })
    try {
      if (AWAY.includes(redis.client.status)) throw new Error('Redis is not connected')
      const statuses = await Promise.race([scan(), late])
      if (failing) log.info({}, 'the statuses of agents are read again')
      failing = false
      return statuses
    } catch (err) {
      if (!failing) log.warn({ err }, 'the statuses of agents cannot be read')
      failing = true
      return undefined
    } finally {
      late.catch(() => {}) // Nobody waits for it any more.
      enough.abort()
    }
  }

  async function scan(): Promise<Statuses> {
    const names = new Set<string>()
    let cursor = '0'
    do {
      const [next, found] = await redis.client.scan(cursor, 'MATCH', `${PREFIX}*`, 'COUNT', limits.page)
      for (const name of found) if (names.size < limits.most && name !== `${PREFIX}__proto__`) names.add(name)
      cursor = next
    } while (cursor !== '0' && names.size < limits.most)
    const sorted = [...names].sort()
    const statuses: (readonly [string, unknown])[] = []
    for (let from = 0; from < sorted.length; from += limits.page) {
      const page = sorted.slice(from, from + limits.page)
      // Of another type than a text: nobody's status. MGET answers null for it.
      const values = await redis.client.mget(page)
      for (const [index, name] of page.entries()) {
        const value = values[index]
        if (typeof value === 'string') statuses.push([name.slice(PREFIX.length), readJson(value) ?? value])
      }
    }
    return Object.fromEntries(statuses)
  }

  return {
    read() {
      const now = clock.now().getTime()
      if (!last || now - last.at >= limits.freshMs) {
        last = { at: now, reading: readNow() }
      }
      return last.reading
    },
    async write(statuses) {
      if (statuses.length === 0) return
      const pipeline = redis.client.pipeline()
      for (const { agentId, status, expiresInSeconds } of statuses) {
        pipeline.set(PREFIX + agentId, JSON.stringify(status), 'EX', expiresInSeconds)
      }
      const outcomes = await pipeline.exec()
      const failed = outcomes?.find(([error]) => error !== null)?.[0]
      if (failed) throw failed
    },
    async remove(agentId) {
      await redis.client.del(PREFIX + agentId)
    },
  }
}
