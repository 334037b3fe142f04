import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Log } from '#src/kernel/log.ts'
import type { Backlog } from './backlog.ts'
import { compareIds, LEAP } from './stream-entry.ts'
import { streamKeys } from './stream-keys.ts'

const NOW = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function after(ms) return string.format('%.0f', now + ms) end
`

/**
 * Takes a lease that is free (`1`), renews one's own (`0`). Answers the newest entry's id with it: what a predecessor appended is not newer.
 * While a lease is held the channel is heard. Who began to hear it after that comes behind those who did before, and where there is none of
 * them, what was sent meanwhile is lost: the numbers leap, so that everybody sees it.
 */
const HOLD = `${NOW}
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
local known = redis.call('HMGET', KEYS[4], 'until', 'anyone', 'foreign')
if not holder and known[1] and tonumber(ARGV[3]) > tonumber(known[1]) then
  if now < tonumber(known[2]) then return false end
  if known[3] then redis.call('INCRBY', KEYS[3], ARGV[5]) end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('HSET', KEYS[4], 'until', after(0), 'anyone', after(ARGV[2] + ARGV[4]))
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
return { holder and 0 or 1, newest[1] and newest[1][1] or '0-0' }`

/** Only who holds the lease appends: one that was paused past its end does no harm. */
const APPEND = `${NOW}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
redis.call('HSET', KEYS[4], 'foreign', 1, 'until', after(0))
local many = #ARGV - 3
local number = redis.call('INCRBY', KEYS[3], ARGV[3] + many - 1) - many
for at = 4, #ARGV do
  number = number + 1
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'json', ARGV[at], 'n', string.format('%.0f', number), 'foreign', '1')
end
return many`

const RELEASE = `${NOW}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'anyone', after(ARGV[2]))
return redis.call('DEL', KEYS[1])`

/** Messages that are appended in one step; and how many may wait for that, beyond which there is a gap. */
const AT_ONCE = 200
const longest = { entries: 50_000, bytes: 33_554_432 } as const

export interface BridgeDeps {
  readonly channel: string
  /** One that never sends a command twice, and keeps their order. */
  readonly client: Redis
  readonly backlog: Backlog
  readonly leaseMs: number
  readonly maxLength: number
  readonly log: Log
  /** Resolves once every message that Redis had published by now has been handed to `published`. */
  heard(): Promise<unknown>
  /** The id up to which the stream has been read, and handed to the backlog. */
  position(): string
}

/** Appends to one channel's stream what is only PUBLISHed on it; of all processes that listen to the channel, one at a time does. */
export interface Bridge {
  /**
   * Takes or renews the lease: to be called three times while one runs. `since`: from when on this process has heard the channel, in ms by
   * Redis' clock. Rejects where Redis is away.
   */
  turn(since: number): Promise<void>
  published(text: string): void
  /** This process does not hear the channel now: another may. */
  deaf(): void
  /** Gives the lease back. */
  stop(): Promise<void>
}

export function createBridge({ channel, client, backlog, leaseMs, maxLength, log, heard, position }: BridgeDeps): Bridge {
  const [lease, entries, count] = [streamKeys.bridge(channel), streamKeys.entries(channel), streamKeys.count(channel)]
  const heardUntil = streamKeys.heard(channel)
  /** In it everybody else has had a turn. */
  const patienceMs = Math.ceil((leaseMs * 2) / 3)
  let token = randomUUID()
  /** Of the lease that is held: what must have been read before anything may be appended. */
  let fence: string | undefined
  let appending = false
  /** By so much the next message's number is higher than the last one's: more than by one where messages were given up before it. */
  let step = 1

  /** What is to be appended after that which is on its way. */
  let queue: string[] = []
  let queued = 0
  let underWay: readonly string[] | undefined

  /** Whatever is still on its way under the old token is either in the stream by the time that a new one gets the lease, or never. */
  function letGo(): void {
    token = randomUUID()
    fence = undefined
    appending = false
    backlog.handOver(queue.length + (underWay?.length ?? 0))
    queue = []
    queued = 0
  }

  /** One step of Redis for what came while the one before was under way. */
  function append(text: string): void {
    queue.push(text)
    queued += text.length
    if (queue.length > longest.entries || queued > longest.bytes) {
      queued -= queue.shift()!.length
      step = 1 + LEAP
    }
    if (!underWay) void appendAll()
  }

  async function appendAll(): Promise<void> {
    // What arrived together is appended together.
    underWay = []
    await Promise.resolve()
    while (queue.length > 0) await appendSome()
    underWay = undefined
  }

  async function appendSome(): Promise<void> {
    const used = token
    const by = step
    const texts = queue.slice(0, AT_ONCE)
    queue = queue.slice(AT_ONCE)
    for (const text of texts) queued -= text.length
    step = 1
    underWay = texts
    try {
      const many = await client.eval(APPEND, 4, lease, entries, count, heardUntil, used, maxLength, by, ...texts)
      underWay = []
      if (many !== null && by > 1) backlog.gapShown()
      if (many === null && used === token) letGo()
    } catch (err) {
      log.debug({ err, channel }, 'foreign messages could not be appended')
      if (used === token) letGo()
    }
  }

  /** All that waits goes out at once: the lease is given back behind it. */
  function handIn(): void {
    while (appending && queue.length > 0) void appendSome()
    underWay = undefined
  }

  /** True while the lease is this process's. Its beginning sets the fence. */
  async function hold(since: number): Promise<boolean> {
    const used = token
    const values = [used, leaseMs, since, patienceMs, LEAP]
    const answer = await client.eval(HOLD, 4, lease, entries, count, heardUntil, ...values).then(
      (said) => said as readonly [fresh: number, newest: string] | null,
      (err: unknown) => {
        // It may have been taken all the same: a renewal would never tell that it is new, and where it begins.
        if (used === token) letGo()
        void release(used)
        throw err
      },
    )
    if (used !== token) void release(used)
    else if (answer === null && fence !== undefined) letGo()
    else if (answer?.[0] === 1) [fence, appending] = [answer[1], false]
    return used === token && fence !== undefined
  }

  async function release(used: string): Promise<void> {
    await client
      .eval(RELEASE, 2, lease, heardUntil, used, patienceMs)
      .catch((err) => log.debug({ err, channel }, 'a lease was not given back: it will end'))
  }

  return {
    async turn(since) {
      if (!(await hold(since)) || appending) return
      await heard()
      const before = fence
      // Still the same lease: nobody else appended while this process listened.
      if (!(await hold(since)) || appending || fence !== before || compareIds(position(), fence!) < 0) return
      appending = true
      const left = backlog.takeOver()
      step = backlog.owesGap ? 1 + LEAP : 1
      left.forEach(append)
    },
    published(text) {
      backlog.published(text)
      if (appending) append(text)
    },
    deaf() {
      const used = token
      const held = fence !== undefined
      handIn()
      letGo()
      if (held) void release(used)
    },
    async stop() {
      const used = token
      handIn()
      letGo()
      await release(used)
    },
  }
}
