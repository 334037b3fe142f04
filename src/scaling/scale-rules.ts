import { z } from 'zod'
import { latency, number, share, used } from '#src/alerts/limit.ts'
import { span } from '#src/kernel/span.ts'
import { schedules } from './schedule.ts'

const DAY = 86_400_000

const redisKey = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing: the key of a list or a stream in Redis' : 'must be text') })
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters')
const whole = (least: number, most: number) => {
  const fault = `must be a whole number from ${least} to ${most}`
  return z.int(fault).min(least, fault).max(most, fault)
}
const amount = (most: number, missing?: string) => {
  const fault = `must be a number above 0, at most ${most.toLocaleString('en')}`
  return z
    .number({ error: ({ input }) => (input === undefined && missing) || fault })
    .positive(fault)
    .max(most, fault)
}
/** Of nothing nobody can bear a share. */
const positive = <Schema extends z.ZodType<{ readonly value: number }>>(schema: Schema) =>
  schema.refine(({ value }) => value > 0, 'must be more than 0')

export const measures = {
  cpu: used('vCPU'),
  memory: used('GB'),
  requestRate: number(' requests a second'),
  latency,
} as const

const NO_TARGET = 'one is missing: cpu, memory, requests, latency, or queue with each'

/** What each replica shall have to bear, of each kind of load. The largest demand counts. */
const targets = z
  .strictObject(
    {
      /** `70%` of a replica's limit, or vCPU of each replica. */
      cpu: positive(measures.cpu.schema).optional(),
      /** `80%`, or GB of each replica. */
      memory: positive(measures.memory.schema).optional(),
      /** Requests a second for each replica. */
      requestRate: positive(measures.requestRate.schema).optional(),
      /** p95 that shall not be exceeded. */
      latency: positive(measures.latency.schema).optional(),
      /** Waiting messages for each replica. */
      queue: z
        .strictObject({
          /** A list, or a stream. */
          key: redisKey,
          /** Of a stream: the consumer group whose lag counts (and what it has not acknowledged). */
          group: redisKey.optional(),
          each: amount(1e9, 'is missing: so many waiting messages for each replica'),
        })
        .optional(),
    },
    { error: ({ input }) => (input === undefined ? NO_TARGET : undefined) },
  )
  .refine((given) => Object.values(given).some((each) => each !== undefined), NO_TARGET)

const replicas = whole(1, 50)

const WORDS = /^below\s+(?<below>\d{1,2}(?:\.\d{1,3})?)\s*[:,]?\s+(?<does>hold|keep|more)(?:\s+(?<more>\d{1,4}(?:\.\d{1,4})?\s*%))?$/

interface LowLevel {
  readonly below: number
  readonly does: 'hold' | 'keep' | 'more'
  readonly more?: string | number | undefined
}

const FORM = 'must read like “below 5 hold”, “below 5 keep” or “below 5 more 50%”'

/** What a low level of consciousness changes; in words `below 5 hold`, `below 5 keep`, `below 5 more 50%`. */
const consciousness = z
  .custom<string | LowLevel>((given) => given !== undefined, FORM)
  .transform((given, context): LowLevel => {
    if (typeof given !== 'string') return given
    const read = WORDS.exec(given.trim().toLowerCase())?.groups
    if (read) return { below: Number(read.below), does: read.does as LowLevel['does'], more: read.more }
    context.addIssue({ code: 'custom', message: FORM })
    return z.NEVER
  })
  .pipe(
    z.strictObject({
      below: z.number('must be a level from 0 to 10').min(0, 'must be at least 0').max(10, 'must be at most 10'),
      /** `hold`: nothing is done. `keep`: nothing is taken away. `more`: as many replicas as are needed, and this share more. */
      does: z.enum(['hold', 'keep', 'more'], 'must be hold, keep or more'),
      more: share.schema.prefault('50%'),
    }),
  )

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
      .strictObject({ for: span(0, DAY).prefault('30s'), cooldown: span(0, DAY).prefault('2m'), step: whole(1, 49).default(4) })
      .prefault({}),
    /** Replicas are taken away only if the whole time before needed fewer. */
    down: z
      .strictObject({ for: span(0, DAY).prefault('5m'), cooldown: span(0, DAY).prefault('5m'), step: whole(1, 49).default(1) })
      .prefault({}),
    /** Of the schedules: an IANA time zone. */
    timeZone: z
      .string()
      .default('UTC')
      .refine((zone) => isTimeZone(zone), 'must be a time zone such as Europe/Berlin'),
    /** The first that fits counts. */
    schedules: schedules.prefault([]),
    consciousness: consciousness.optional(),
    /** At most so many acts an hour. */
    perHour: whole(1, 60).default(12),
    /** What all replicas together may cost, in dollars a month as things are now: no replica is added beyond. */
    dollars: amount(100_000).optional(),
  })
  .refine(({ min, max }) => min <= max, { path: ['min'], message: 'must not be more than max' })
  .superRefine(({ min, max, schedules: all }, context) => {
    for (const [index, each] of all.entries()) {
      if ((each.min ?? min) <= (each.max ?? max)) continue
      const message = `must not ask for at least ${each.min ?? min} and at most ${each.max ?? max} replicas`
      context.addIssue({ code: 'custom', path: ['schedules', index], message })
    }
  })
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
