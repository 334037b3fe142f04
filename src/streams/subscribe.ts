import type { Redis } from 'ioredis'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { repeat } from '#src/kernel/repeat.ts'
import { type Backlog, createBacklog } from './backlog.ts'
import { type Bridge, createBridge } from './bridge.ts'
import { createFollower, type Follower } from './follow.ts'
import { createForeignFollower } from './follow-foreign.ts'
import { createRefusals, isOwn, kindOf, type Refused } from './foreign.ts'
import { ownConnection } from './own-connection.ts'
import { sievedConnection } from './sieved-connection.ts'
import type { StreamEntry, Subscription } from './streams.ts'

export interface SubscribeDeps {
  /** Copied for the two connections that a subscription needs: one waits for entries, one hears the channels. */
  readonly redis: Redis
  /** One that never sends a command twice. */
  readonly publisher: Redis
  readonly clock: Clock
  readonly log: Log
  readonly maxLength: number
  readonly maxBytes: number
  /** How long after the death of the process that bridges a channel another one takes over. */
  readonly leaseMs: number
}

export interface Subscribed {
  readonly channels: readonly string[]
  /** Left out: what foreign publishers send is bridged, and that is all. */
  readonly onEntry?: (entry: StreamEntry) => void
  /** Something was published; it may not be in the stream yet. */
  onHeard?(): void
  onGap(channel: string, lost: number | undefined): void
  onRefused(channel: string, why: Refused): void
}

/**
 * Entries come from the streams alone, in their order; the channels are heard for the sake of foreign publishers. Resolves once both are,
 * or, while Redis is away, after the first attempt: it then begins when Redis comes.
 */
export async function subscribe(deps: SubscribeDeps, given: Subscribed): Promise<Subscription> {
  const { channels, onHeard, onRefused } = given
  const { redis, publisher, clock, log, maxLength, maxBytes, leaseMs } = deps
  const hearing = sievedConnection(redis, log, (bytes, start, end) => {
    if (!isOwn(bytes, start, end)) return false
    onHeard?.()
    return true
  })
  const refuse = createRefusals(clock, log)
  const backlogs = new Map(channels.map((channel) => [channel, createBacklog(clock)]))
  const followers = given.onEntry ? followAll(deps, given, backlogs, given.onEntry) : followForeign(deps, backlogs)
  const bridges = new Map<string, Bridge>()
  for (const [channel, backlog] of backlogs) {
    const position = () => followers.get(channel)!.position(channel)
    bridges.set(
      channel,
      createBridge({ channel, client: publisher, backlog, leaseMs, maxLength, log, position, heard: () => hearing.ping() }),
    )
  }
  hearing.on('messageBuffer', (name: Buffer, bytes: Buffer) => {
    const channel = name.toString()
    onHeard?.()
    if (isOwn(bytes)) return
    const text = bytes.toString()
    const kind = kindOf(text, maxBytes)
    if (kind === 'foreign') {
      bridges.get(channel)?.published(text)
      followers.get(channel)?.wake?.()
    } else if (kind !== 'own') {
      refuse(channel, kind)
      guarded(log, () => onRefused(channel, kind))
    }
  })
  /** When the channels were first heard by this connection, in ms by Redis' clock. */
  let since: number | undefined
  let losses = 0
  hearing.on('close', () => {
    since = undefined
    losses += 1
    for (const bridge of bridges.values()) bridge.deaf()
  })

  let begun = false
  async function turn(): Promise<void> {
    if (!begun) {
      // In this order: whatever is heard was appended after the beginning, or was not yet.
      await Promise.all([...new Set(followers.values())].map((each) => each.begin()))
      await hearing.subscribe(...channels)
      begun = true
    }
    if (hearing.status !== 'ready') return
    since ??= await beginning()
    const heardSince = since
    if (heardSince === undefined) return
    await Promise.all([...bridges.values()].map((bridge) => bridge.turn(heardSince)))
    sayLost()
  }

  /** Of what is heard: now, once the connection has answered. Undefined where it was lost meanwhile. */
  async function beginning(): Promise<number | undefined> {
    const before = losses
    await hearing.ping()
    const [seconds, micros] = await publisher.time()
    return losses === before ? Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) : undefined
  }

  let saidLost = 0
  function sayLost(): void {
    const lost = [...backlogs.values()].reduce((sum, backlog) => sum + backlog.lost, 0)
    if (lost > saidLost) log.warn({ lost }, 'foreign messages were given up: no process appended them in time')
    saidLost = lost
  }

  const first = Promise.withResolvers<void>()
  const turns = repeat({
    name: 'stream bridge',
    everyMs: leaseMs / 3,
    clock,
    log,
    // The connection itself says when Redis is away.
    run: () => turn().then(first.resolve, (err) => first.resolve(log.debug({ err }, 'the streams are out of reach'))),
  })
  await first.promise
  return {
    async stop() {
      const idle = turns.stop()
      hearing.removeAllListeners('close')
      await Promise.all([...bridges.values()].map((bridge) => bridge.stop()))
      hearing.disconnect()
      await Promise.all([idle, ...[...new Set(followers.values())].map((each) => each.stop())])
    },
  }
}

type Backlogs = ReadonlyMap<string, Backlog>
type Followers = ReadonlyMap<string, Follower & { wake?(): void }>

/** One connection waits for the entries of all channels. */
function followAll(
  { redis, clock, log }: SubscribeDeps,
  { channels, onGap }: Subscribed,
  backlogs: Backlogs,
  onEntry: (entry: StreamEntry) => void,
): Followers {
  const follower = createFollower({
    client: ownConnection(redis, log),
    channels,
    clock,
    log,
    onEntry(entry) {
      if (entry.foreign) backlogs.get(entry.channel)!.appended(entry.text)
      guarded(log, () => onEntry(entry))
    },
    onGap(channel, lost) {
      backlogs.get(channel)!.forget()
      guarded(log, () => onGap(channel, lost))
    },
  })
  return new Map(channels.map((channel) => [channel, follower]))
}

function followForeign({ publisher: client, clock, log }: SubscribeDeps, backlogs: Backlogs): Followers {
  return new Map(
    [...backlogs].map(([channel, { appended, forget }]) => [
      channel,
      createForeignFollower({ client, channel, clock, log, onForeign: appended, onForgotten: forget }),
    ]),
  )
}

/** What a listener does wrong is its own fault: the others and what follows are not touched. */
function guarded(log: Log, tell: () => void): void {
  try {
    tell()
  } catch (err) {
    log.error({ err }, 'a listener of a stream failed')
  }
}
