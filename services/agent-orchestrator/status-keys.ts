import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { redisFault } from '#src/streams/publish.ts'

/** What agents say of themselves in Redis, each in a key of its own: `agent_status:<agent_id>`. Some write theirs without asking us. */
export interface StatusKeys {
  /** Every status by agent id, at most a second old, up to `limits.most`; what is no JSON is a text. Throws UpstreamError where Redis is away. */
  read(): Promise<Readonly<Record<string, unknown>>>
  write(statuses: readonly AgentStatus[]): Promise<void>
  remove(agentId: string): Promise<void>
}

export interface AgentStatus {
  readonly agentId: string
  readonly status: Readonly<Record<string, unknown>>
  readonly expiresInSeconds: number
}

export const limits = { most: 10_000, freshMs: 1_000, page: 1_000 } as const
const PREFIX = 'agent_status:'

export function createStatusKeys({ redis, clock }: { readonly redis: Pick<RedisConnection, 'client'>; readonly clock: Clock }): StatusKeys {
  let last: { readonly at: number; readonly reading: Promise<Readonly<Record<string, unknown>>> } | undefined

  async function scan(): Promise<Readonly<Record<string, unknown>>> {
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
        if (typeof value === 'string') statuses.push([name.slice(PREFIX.length), parsed(value)])
      }
    }
    return Object.fromEntries(statuses)
  }

  return {
    read() {
      const now = clock.now().getTime()
      if (!last || now - last.at >= limits.freshMs) {
        const reading = scan().catch((cause: unknown) => {
          throw redisFault(cause, 'scan')
        })
        last = { at: now, reading }
        reading.catch(() => {
          if (last?.reading === reading) last = undefined // The next asker tries anew.
        })
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
