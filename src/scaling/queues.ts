import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Log } from '#src/kernel/log.ts'

/** A Redis list, or a stream as one consumer group sees it. */
export interface QueueKey {
  readonly key: string
  readonly group?: string | undefined
}

/** How many messages wait in it, or why nobody knows. */
export type QueueRead = { readonly waiting: number } | { readonly unread: string }

/** All of them in one pipeline. Never throws: of what cannot be read it says why. */
export type ReadQueues = (queues: readonly QueueKey[]) => Promise<readonly QueueRead[]>

export interface QueuesParts {
  readonly redis: Pick<RedisConnection, 'client'>
  readonly log: Log
}

/** What one command answered. */
type Answer = readonly [error: Error | null, value: unknown]

const COMMANDS_EACH = 3

export function createReadQueues({ redis: { client }, log }: QueuesParts): ReadQueues {
  return async (queues) => {
    if (queues.length === 0) return []
    const pipeline = client.pipeline()
    for (const { key, group } of queues) {
      pipeline.type(key)
      // Of a key of another type both fail, and that is all that they do.
      if (group === undefined) pipeline.llen(key).exists(key)
      else pipeline.xlen(key).xinfo('GROUPS', key)
    }
    try {
      const answers = ((await pipeline.exec()) ?? []) as readonly Answer[]
      return queues.map((queue, index) => readOne(queue, answers.slice(index * COMMANDS_EACH, (index + 1) * COMMANDS_EACH)))
    } catch (err) {
      log.debug({ err }, 'the lengths of queues could not be read')
      return queues.map(() => ({ unread: 'Redis cannot be reached' }))
    }
  }
}

function readOne({ key, group }: QueueKey, [type, size, groups]: readonly Answer[]): QueueRead {
  if (!type || type[0] || !size) return { unread: type?.[0]?.name === 'ReplyError' ? 'Redis refuses to tell' : 'Redis cannot be reached' }
  const kind = String(type[1])
  if (kind === 'none') return group === undefined ? { waiting: 0 } : { unread: `there is no stream ${key} in Redis yet` }
  if (kind !== 'list' && kind !== 'stream') return { unread: `${key} is a ${kind}, neither a list nor a stream` }
  if (kind === 'list') return group === undefined ? lengthOf(size) : { unread: `${key} is a list, and has no consumer groups` }
  if (group === undefined) return { unread: `${key} is a stream: its consumer group must be named` }
  return lagOf(group, key, size, groups)
}

function lengthOf([error, value]: Answer): QueueRead {
  return error || typeof value !== 'number' ? { unread: 'Redis does not tell its length' } : { waiting: value }
}

/**
 * What the group has not read yet, and what it read and did not acknowledge. The lag counts entries that were trimmed before anybody read them,
 * and nobody can read those any more. https://redis.io/docs/latest/commands/xinfo-groups/
 */
function lagOf(group: string, key: string, [, length]: Answer, [error, groups]: Answer = [null, undefined]): QueueRead {
  if (error || !Array.isArray(groups) || typeof length !== 'number') return { unread: `Redis does not tell the groups of ${key}` }
  const found = groups.map(fieldsOf).find(({ name }) => name === group)
  if (!found) return { unread: `the stream ${key} has no consumer group ${group}` }
  const { lag, pending } = found
  if (typeof lag !== 'number' || typeof pending !== 'number') {
    return { unread: `Redis cannot tell how far ${group} has read ${key} (entries in between were deleted)` }
  }
  return { waiting: pending + Math.max(0, Math.min(lag, length)) }
}

/** Redis answers names and values in turn. */
function fieldsOf(row: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(row)) return {}
  return Object.fromEntries(row.flatMap((name, index) => (index % 2 === 0 ? [[String(name), row[index + 1]]] : [])))
}
