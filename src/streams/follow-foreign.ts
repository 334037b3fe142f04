import type { Redis } from 'ioredis'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { createLoop } from '#src/kernel/loop.ts'
import type { Follower } from './follow.ts'
import { compareIds, type StreamRow } from './stream-entry.ts'
import { streamKeys } from './stream-keys.ts'

export interface ForeignFollowing {
  /** Any: it does not wait. */
  readonly client: Redis
  readonly channel: string
  readonly clock: Clock
  readonly log: Log
  onForeign(text: string): void
  /** What is in the stream is not known any more. */
  onForgotten(): void
}

export interface ForeignFollower extends Follower {
  /** Somebody published: there may be something soon. */
  wake(): void
}

const BATCH = 500
const GATHER_MS = 100
const IDLE_MS = 1_000
const BEGINNING = '0-0'

/** Of the entries after an id: how many there are, the last one's id, and the texts of those that a bridge appended. */
const SCRIPT = `
local rows, texts = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2]), {}
for _, row in ipairs(rows) do
  if row[2][1] == 'json' and row[2][5] == 'foreign' then texts[#texts + 1] = row[2][2] end
end
return { #rows, #rows > 0 and rows[#rows][1] or ARGV[1], texts }`

/** Reads of one stream only what bridges appended, from an end that is known: what Helix itself published stays in Redis. */
export function createForeignFollower(given: ForeignFollowing): ForeignFollower {
  const { client, channel, clock, log, onForeign, onForgotten } = given
  const key = streamKeys.entries(channel)
  let last = BEGINNING
  let inDoubt = false

  const loop = createLoop(async (signal) => {
    await clock.sleep(GATHER_MS, signal)
    try {
      if (inDoubt) await compare()
      inDoubt = false
      await readOn(signal)
    } catch (err) {
      if (!signal.aborted) log.debug({ err, channel }, 'a stream could not be read')
      inDoubt = true
    }
    return IDLE_MS
  }, clock)

  async function newest(): Promise<string> {
    const [row] = (await client.xrevrange(key, '+', '-', 'COUNT', 1)) as readonly StreamRow[]
    return row?.[0] ?? BEGINNING
  }

  /** After an outage: a Redis that lost its memory begins anew. */
  async function compare(): Promise<void> {
    if (compareIds(await newest(), last) >= 0) return
    onForgotten()
    last = BEGINNING
  }

  async function readOn(signal: AbortSignal): Promise<void> {
    for (let many = BATCH; many === BATCH && !signal.aborted; ) {
      const [found, id, texts] = (await client.eval(SCRIPT, 1, key, last, BATCH)) as [number, string, readonly string[]]
      for (const text of texts) onForeign(text)
      last = id
      many = found
    }
  }

  return {
    async begin() {
      last = await newest()
      loop.start()
    },
    wake: loop.wake,
    position: () => last,
    stop: loop.stop,
  }
}
