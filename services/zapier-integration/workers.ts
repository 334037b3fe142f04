import type { Kysely } from 'kysely'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { repeat } from '#src/kernel/repeat.ts'
import type { Mesh } from '#src/mesh/mesh.ts'
import type { Streams } from '#src/streams/streams.ts'
import { callBot } from './effects/call-bot.ts'
import { routeEvents, routeLot } from './effects/route-events.ts'
import { tellRedis } from './effects/tell-redis.ts'
import type { AcceptedEvent } from './event-message.ts'
import { createDeliver } from './hooks/deliver.ts'
import { type Following, followStreams } from './hooks/follow-streams.ts'
import { type Hooks, hookBody } from './hooks/hooks.ts'
import type { Tables } from './tables.ts'
import { createLane, type LaneParts } from './work/lane.ts'
import { prune } from './work/upkeep.ts'
import { createWakeSignal, type WakeSignal } from './work/wake-signal.ts'
import { createWork } from './work/work.ts'
import { eventOf } from './work/work-queue.ts'

export interface WorkersParts {
  readonly db: Kysely<Tables>
  readonly redis: RedisConnection
  readonly streams: Streams
  readonly mesh: Mesh | undefined
  readonly hooks: Hooks
  readonly secret: string
  readonly clock: Clock
  readonly log: Log
  /** From 0 to 1, for pauses. */
  readonly random: () => number
}

export interface Workers {
  /** Something was accepted, here: looked at now, here and in the other processes. */
  wake(): void
  figures(): Readonly<Record<string, number>>
  start(): void
  /** Ends what is under way; what is left is done by the other processes, or after the next start. */
  stop(): Promise<void>
}

const PRUNE_EVERY_MS = 600_000

/** All that is done about what was accepted: routing, then a lane for Redis, one for commands, and one for each hook. */
export function createWorkers(parts: WorkersParts): Workers {
  const { db, redis, streams, mesh, hooks, clock, log } = parts
  const lane = (each: Pick<LaneParts, 'name' | 'handle' | 'atOnce' | 'canWork'>) => createLane({ ...parts, ...each })
  const canTell = () => redis.client.status === 'ready'
  const tell = (event: AcceptedEvent) => tellRedis(streams, event)
  const lanes = [
    lane({ name: 'tell', handle: (work) => tell(eventOf(work)), atOnce: 250, canWork: canTell }),
    lane({ name: 'call', handle: ({ body }) => callBot(mesh ?? unreachable, body!), atOnce: 8 }),
    ...[...hooks].map(([name, url]) => {
      const deliver = createDeliver({ ...parts, hook: name, url })
      const handle: LaneParts['handle'] = (work) => {
        if (work.event !== null) return deliver(work.event, JSON.stringify(hookBody(eventOf(work))))
        return deliver(idOf(work.body!), work.body!)
      }
      return lane({ name, handle, atOnce: 4 })
    }),
  ]
  const wakeLanes = () => lanes.forEach((each) => void each.wake())
  const router = createWork({
    name: 'route',
    async turn() {
      const routed = await routeEvents({ db, hooks, tell, canTell, clock })
      if (routed > 0) wakeLanes()
      return { did: routed > 0, more: routed === routeLot }
    },
    clock,
    log,
  })
  const wakeHere = () => {
    router.wake()
    wakeLanes()
  }
  let signal: WakeSignal | undefined
  let following: Following | undefined
  let upkeep: { stop(): Promise<void> } | undefined

  return {
    wake() {
      router.wake()
      signal?.give()
    },
    figures: () => following?.figures() ?? { unsent: 0, lost: 0 },
    start() {
      for (const each of [router, ...lanes]) each.start()
      signal = createWakeSignal(redis, wakeHere, log)
      following = followStreams({ db, streams, hooks, clock, log, onAdded: wakeLanes })
      upkeep = repeat({ name: 'prune', everyMs: PRUNE_EVERY_MS, clock, log, run: () => prune(db, clock.now()) })
    },
    async stop() {
      signal?.stop()
      await Promise.all([following?.stop(), upkeep?.stop(), ...[router, ...lanes].map((each) => each.stop())])
    },
  }
}

/** Of what a stream said: it stands in the body. */
function idOf(body: string): string {
  return (JSON.parse(body) as { readonly id: string }).id
}

/** A process that was given no mesh cannot ask the bot; what it should ask waits for one that can. */
const unreachable: Pick<Mesh, 'call'> = {
  call: async () => {
    const fault = { provider: 'bot', operation: 'call', retryable: true, outcome: 'refused' } as const
    throw new UpstreamError('The bot cannot be asked, as nothing says where it is.', fault)
  },
}
