import type { Redis } from 'ioredis'
import { redisFault } from './publish.ts'
import { type StoredEntry, type StreamRow, storedEntry } from './stream-entry.ts'
import { streamKeys } from './stream-keys.ts'

export interface ReadRange {
  readonly after?: string
  readonly count: number
}

/** Entries of one channel, oldest first: those after an id, or the newest. */
export async function readEntries(client: Redis, channel: string, { after, count }: ReadRange): Promise<readonly StoredEntry[]> {
  const key = streamKeys.entries(channel)
  const rows = await answered<readonly StreamRow[]>(
    after === undefined
      ? client.xrevrange(key, '+', '-', 'COUNT', count).then((newest) => newest.reverse())
      : client.xrange(key, `(${after}`, '+', 'COUNT', count),
  )
  return rows.flatMap((row) => storedEntry(channel, row) ?? [])
}

/** The oldest entry that is still there. */
export async function oldestEntry(client: Redis, channel: string): Promise<StoredEntry | undefined> {
  const rows = await answered(client.xrange(streamKeys.entries(channel), '-', '+', 'COUNT', 1))
  return rows.flatMap((row) => storedEntry(channel, row) ?? [])[0]
}

async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (cause) {
    throw redisFault(cause, 'read')
  }
}
