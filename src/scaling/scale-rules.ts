import { z } from 'zod'
import { latency, number, share, used } from '#src/alerts/limit.ts'
import { parseDuration, sayDuration } from '#src/kernel/arguments/duration.ts'

const DAY = 86_400_000

/** In ms. */
const span = (least: number, most: number) =>
  z.string('must be a length of time such as 5m').transform((written, context) => {
    const ms = parseDuration(written)
    if (ms !== undefined && ms >= least && ms <= most) return ms
    context.addIssue({ code: 'custom', message: `must be a length of time from ${sayDuration(least)} to ${sayDuration(most)}, such as 5m` })
    return z.NEVER
  })

const redisKey = z.string().min(1).max(200)

/** What each replica shall have to bear, of each kind of load. The largest demand counts. */
const targets = z
  .strictObject({
    /** `70%` of a replica's limit, or vCPU of each replica. */
    cpu: used('vCPU').schema.optional(),
    /** `80%`, or GB of each replica. */
    memory: used('GB').schema.optional(),
    /** Requests a second for each replica. */
    requestRate: number(' requests a second').schema.optional(),
    /** p95 that shall not be exceeded. */
    latency: latency.schema.optional(),
    /** Waiting messages for each replica. */
    queue: z
      .strictObject({
        /** A list, or a stream. */
        key: redisKey,
        /** Of a stream: the consumer group whose lag counts (and what it has not acknowledged). */
        group: redisKey.optional(),
        each: z.number().positive().max(1e9),
      })
      .optional(),
  })
  .refine(
    (given) => Object.values(given).some((each) => each !== undefined),
    'must name at least one: cpu, memory, requests, latency or queue',
  )

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:00')
const replicas = z.int().min(1).max(50)

/** Other bounds at certain times of the week; the first that fits counts. */
const schedule = z.strictObject({
  days: z.array(z.enum(days)).min(1),
  /** Where `until` is not later than `from`, it ends on the next day. */
  from: time,
  until: time,
  min: replicas.optional(),
  max: replicas.optional(),
})

/** The one definition of what a scaling policy is. */
export const scaleRules = z
  .strictObject({
    targets,
    min: replicas.default(1),
    max: replicas,
    /** So near the target nothing is done: a share of it. */
    tolerance: share.schema.prefault('10%'),
    /** How long it has to be so before replicas are added, and after an act before more are added. */
    up: z
      .strictObject({ for: span(0, DAY).prefault('30s'), cooldown: span(0, DAY).prefault('2m'), step: z.int().min(1).max(49).default(4) })
      .prefault({}),
    /** Replicas are taken away only if the whole time before needed fewer. */
    down: z
      .strictObject({ for: span(0, DAY).prefault('5m'), cooldown: span(0, DAY).prefault('5m'), step: z.int().min(1).max(49).default(1) })
      .prefault({}),
    /** Of the schedules: an IANA time zone. */
    timeZone: z
      .string()
      .default('UTC')
      .refine((zone) => isTimeZone(zone), 'must be a time zone such as Europe/Berlin'),
    schedules: z.array(schedule).max(20).default([]),
    /** What a low level of consciousness changes. */
    consciousness: z
      .strictObject({
        below: z.number().min(0).max(10),
        /** `hold`: nothing is done. `keep`: nothing is taken away. `more`: as many replicas as are needed, and this share more. */
        does: z.enum(['hold', 'keep', 'more']),
        more: share.schema.prefault('50%'),
      })
      .optional(),
    /** At most so many acts an hour. */
    perHour: z.int().min(1).max(60).default(12),
    /** What all replicas together may cost, in dollars a month as things are now. */
    dollars: z.number().positive().max(100_000).optional(),
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be more than max' })
export type ScaleRules = z.output<typeof scaleRules>
export type WrittenScaleRules = z.input<typeof scaleRules>

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
