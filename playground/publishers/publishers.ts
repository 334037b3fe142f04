import { z } from 'zod'
import { steadily } from '#playground/steadily.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { createForeignRedis, type ForeignRedis } from './foreign-redis.ts'
import { type Shape, type ShapeName, shapeNames, shapes } from './shapes.ts'

const mostPerSecond = 1_000
const mostPublishers = 50

const where = {
  environment: z.string().default('production'),
  shape: z.enum(shapeNames),
  /** Left out: where the shape is usually seen. */
  channel: z.string().min(1).max(200).optional(),
}
const level = z.number().min(0).max(10).default(7)

/** A publisher as asked for: 0 a second ends it. */
export const publisherAsked = z.strictObject({
  ...where,
  perSecond: z.number().min(0).max(mostPerSecond),
  level,
  /** What the level grows by in a minute, up to 10 and down to 0. */
  trendPerMinute: z.number().min(-600).max(600).default(0),
})
/** Messages at once: of a shape, or a text as it is. */
export const messageAsked = z.union([
  z.strictObject({ ...where, level, times: z.int().min(1).max(10_000).default(1) }),
  z.strictObject({ environment: where.environment, channel: z.string().min(1).max(200), text: z.string().max(2_000_000) }),
])
export type PublisherAsked = z.output<typeof publisherAsked>

export interface PublisherState {
  readonly environment: string
  readonly shape: ShapeName
  readonly channel: string
  readonly perSecond: number
  /** At this moment. */
  readonly level: number
  readonly trendPerMinute: number
  readonly published: number
  /** What Redis did not take. */
  readonly lost: number
  /** How many heard the newest. */
  readonly hearers: number
}

/** Foreign publishers on the environments' Redis: they PUBLISH and do nothing else. They end with the playground. */
export interface Publishers {
  /** Starts, changes or ends the one of that shape and channel. Throws UserError for an environment without Redis. */
  set(asked: PublisherAsked): Promise<PublisherState>
  /** Resolves when Redis has them. Throws UserError where it does not take them. */
  publish(asked: z.output<typeof messageAsked>): Promise<{ readonly published: number; readonly hearers: number }>
  state(): readonly PublisherState[]
  close(): Promise<void>
}

interface Running {
  state(): PublisherState
  stop(): Promise<void>
}

export function createPublishers(given: { readonly redis: Readonly<Record<string, string>>; readonly clock: Clock }): Publishers {
  const { redis, clock } = given
  const clients = new Map<string, ForeignRedis>()
  const running = new Map<string, Running>()
  let counted = 0

  function clientOf(environment: string): ForeignRedis {
    const url = redis[environment]
    if (!url) throw new UserError(`There is no Redis of ${environment} here. Nothing was done.`)
    const client = clients.get(environment) ?? createForeignRedis(url)
    clients.set(environment, client)
    return client
  }

  return {
    async set(asked) {
      const client = clientOf(asked.environment)
      const channel = channelOf(asked)
      const key = `${asked.environment} ${asked.shape} ${channel}`
      const before = running.get(key)
      if (!before && running.size >= mostPublishers && asked.perSecond > 0)
        throw new UserError(`There are ${mostPublishers} publishers already. Nothing was done.`)
      const publisher = startPublisher({ ...asked, channel }, client, clock)
      running.delete(key)
      if (asked.perSecond > 0) running.set(key, publisher)
      else await publisher.stop()
      await before?.stop()
      return publisher.state()
    },
    async publish(asked) {
      const client = clientOf(asked.environment)
      const results = await client.publish('text' in asked ? [[asked.channel, asked.text]] : oneByOne(asked))
      const taken = results.filter((heard) => heard !== undefined)
      if (taken.length === 0) throw new UserError(`Redis of ${asked.environment} did not take it.`)
      return { published: taken.length, hearers: taken.at(-1)! }
    },
    state: () => [...running.values()].map((publisher) => publisher.state()),
    async close() {
      const all = [...running.values()]
      running.clear()
      await Promise.all(all.map((publisher) => publisher.stop()))
      for (const client of clients.values()) client.close()
    },
  }

  function oneByOne(asked: { shape: ShapeName; channel?: string | undefined; level: number; times: number }) {
    return Array.from({ length: asked.times }, () => {
      const moment = { level: asked.level, at: clock.now(), number: counted++ }
      return [channelOf(asked), (shapes[asked.shape] as Shape).message(moment)] as const
    })
  }
}

function channelOf({ shape, channel }: { readonly shape: ShapeName; readonly channel?: string | undefined }): string {
  return channel ?? shapes[shape].channels[0]
}

function startPublisher(asked: PublisherAsked & { readonly channel: string }, client: ForeignRedis, clock: Clock): Running {
  const { environment, shape, channel, perSecond, trendPerMinute } = asked
  const since = clock.now().getTime()
  let [number, published, lost, hearers] = [0, 0, 0, 0]
  const levelAt = (at: Date) => Math.min(10, Math.max(0, asked.level + ((at.getTime() - since) / 60_000) * trendPerMinute))

  async function publish(count: number): Promise<void> {
    const at = clock.now()
    const messages = Array.from({ length: count }, () => {
      return [channel, (shapes[shape] as Shape).message({ level: levelAt(at), at, number: number++ })] as const
    })
    const results = await client.publish(messages)
    const taken = results.filter((heard) => heard !== undefined)
    published += taken.length
    lost += count - taken.length
    hearers = taken.at(-1) ?? 0
  }

  const publishing = steadily(perSecond, (count) => void publish(count), clock)
  return {
    state: () => ({ environment, shape, channel, perSecond, level: levelAt(clock.now()), trendPerMinute, published, lost, hearers }),
    stop: () => publishing.stop(),
  }
}
