import type { Redis } from 'ioredis'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { compareIds, gapBetween, type StoredEntry, type StreamRow, storedEntry } from './stream-entry.ts'
import { streamKeys } from './stream-keys.ts'

export interface Following {
  /** Its own: it waits in XREAD. */
  readonly client: Redis
  readonly channels: readonly string[]
  readonly clock: Clock
  readonly log: Log
  onEntry(entry: StoredEntry): void
  /** `lost`: how many messages were not seen, where that is known. */
  onGap(channel: string, lost: number | undefined): void
}

export interface Follower {
  /** Takes the ends of the streams as the beginning, and follows from there. Rejects where Redis is away; then it may be asked again. */
  begin(): Promise<void>
  /** The id up to which the channel has been read. */
  position(channel: string): string
  stop(): Promise<void>
}

interface Position {
  id: string
  /** Undefined where the next entry may have any. */
  number: number | undefined
}

const BEGINNING = '0-0'
/** Less than the connection's command timeout. */
const BLOCK_MS = 2_000
/** Entries of one channel in a reading: as many as about so many characters are, within bounds. A flood of small messages is read in large pieces. */
const batch = { least: 100, most: 1_000, characters: 4_000_000 } as const
const PAUSE_MS = 100

/** Reads streams from an end that is known, over lost connections and through trimming: each entry once and in order, and a gap where some are missing. */
export function createFollower({ client, channels, clock, log, onEntry, onGap }: Following): Follower {
  const positions = new Map<string, Position>()
  const channelOf = new Map(channels.map((channel) => [streamKeys.entries(channel), channel]))
  const stopped = new AbortController()
  let reading: Promise<void> | undefined
  let batchSize: number = batch.least

  async function newest(channel: string): Promise<StoredEntry | undefined> {
    const [row] = (await client.xrevrange(streamKeys.entries(channel), '+', '-', 'COUNT', 1)) as readonly StreamRow[]
    return row && storedEntry(channel, row)
  }

  /** After an outage: a Redis that lost its memory counts from 1 again. */
  async function compare(): Promise<void> {
    for (const channel of channels) {
      const last = positions.get(channel)!
      const found = await newest(channel)
      const isBehind = !found || compareIds(found.id, last.id) < 0 || found.number < (last.number ?? 0)
      if (last.id === BEGINNING || !isBehind) continue
      onGap(channel, undefined)
      positions.set(channel, { id: BEGINNING, number: undefined })
    }
  }

  async function readOn(): Promise<void> {
    const ids = channels.map((channel) => positions.get(channel)!.id)
    const answer = await client.xread('COUNT', batchSize, 'BLOCK', BLOCK_MS, 'STREAMS', ...channelOf.keys(), ...ids)
    const streams = (answer ?? []) as readonly (readonly [string, readonly StreamRow[]])[]
    batchSize = nextBatch(streams.flatMap(([, rows]) => rows))
    for (const [key, rows] of streams) {
      for (const row of rows) take(channelOf.get(key)!, row)
    }
  }

  function take(channel: string, row: StreamRow): void {
    const { number: before } = positions.get(channel)!
    const entry = storedEntry(channel, row)
    positions.set(channel, { id: row[0], number: entry?.number ?? before })
    if (!entry) {
      log.warn({ channel, id: row[0] }, 'a stream holds an entry that is none of ours')
      return
    }
    const gap = before === undefined ? undefined : gapBetween(before, entry.number)
    if (gap) onGap(channel, gap.lost)
    onEntry(entry)
  }

  async function follow(): Promise<void> {
    let inDoubt = false
    while (!stopped.signal.aborted) {
      try {
        if (inDoubt) await compare()
        inDoubt = false
        await readOn()
      } catch (err) {
        if (stopped.signal.aborted) return
        inDoubt = true
        log.debug({ err }, 'the streams could not be read')
        // A connection that did not answer a command may answer it later: it is of no use any more.
        if (client.status === 'ready') client.disconnect(true)
        await clock.sleep(PAUSE_MS, stopped.signal)
      }
    }
  }

  return {
    async begin() {
      for (const channel of channels) {
        const last = await newest(channel)
        positions.set(channel, { id: last?.id ?? BEGINNING, number: last?.number })
      }
      reading ??= follow()
    },
    position: (channel) => positions.get(channel)?.id ?? BEGINNING,
    async stop() {
      stopped.abort()
      client.disconnect()
      await reading
    },
  }
}

function nextBatch(rows: readonly StreamRow[]): number {
  const characters = rows.reduce((sum, [, fields]) => sum + fields.reduce((all, field) => all + field.length, 0), 0)
  if (rows.length === 0) return batch.least
  return Math.min(batch.most, Math.max(batch.least, Math.floor((batch.characters * rows.length) / Math.max(1, characters))))
}
