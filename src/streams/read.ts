import type { Redis } from 'ioredis'
import { redisFault } from './publish.ts'
import { type StoredEntry, type StreamRow, storedEntry } from './stream-entry.ts'
import { streamKeys } from './stream-keys.ts'

export interface ReadRange {
  /** Exclusive, like `before`. */
  readonly after?: string
  readonly before?: string
  readonly count: number
}

/** Entries of one channel, oldest first: those that follow an id, or the newest (before an id). Throws UpstreamError where Redis is away. */
export async function readEntries(client: Redis, channel: string, { after, before, count }: ReadRange): Promise<readonly StoredEntry[]> {
  const key = streamKeys.entries(channel)
  const end = before === undefined ? '+' : `(${before}`
  const rows = await answered<readonly StreamRow[]>(
    after === undefined
      ? client.xrevrange(key, end, '-', 'COUNT', count).then((newest) => newest.reverse())
      : client.xrange(key, `(${after}`, end, 'COUNT', count),
  )
  return rows.flatMap((row) => storedEntry(channel, row) ?? [])
}

async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (cause) {
    throw redisFault(cause, 'read')
  }
}
