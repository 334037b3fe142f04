import { z } from 'zod'
import { type Severity, severities } from '#src/incidents/incidents.ts'
import { parseDuration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { channels } from '#src/kernel/channels.ts'
import { type Limit, latency, type Measure, number, share, used } from './limit.ts'

/** Kinds that compare a figure of a service. */
export const measures = {
  cpu: used('vCPU'),
  memory: used('GB'),
  disk: used('GB'),
  'request-rate': number(' requests a second'),
  'error-rate': share,
  latency,
} as const satisfies Readonly<Record<string, Measure>>
export type MeasuredKind = keyof typeof measures

/** How the level or a metric of consciousness is written and said. */
export const consciousnessMeasure = number('')

/** What may keep Helix itself from seeing or telling. */
export const blindSpots = ['railway', 'redis', 'budget', 'posts'] as const
export type BlindSpot = (typeof blindSpots)[number]

const conditions = ['down', 'degraded', 'deploying', 'sleeping', 'stopped', 'unknown', 'healthy'] as const

const DAY = 86_400_000
const MINUTE = 60_000
const mostHits = 1_000

/** In ms. */
const span = (least: number, most: number) =>
  z.string('must be a length of time such as 5m').transform((written, context) => {
    const ms = parseDuration(written)
    if (ms !== undefined && ms >= least && ms <= most) return ms
    const from = least === 0 ? '0s' : sayDuration(least)
    context.addIssue({ code: 'custom', message: `must be a length of time from ${from} to ${sayDuration(most)}, such as 5m` })
    return z.NEVER
  })

/** What the database can keep. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must be plain text')

const pattern = text(100).min(1)
/** Names in which `*` stands for anything; one, or a list. */
const patterns = z
  .union([pattern, z.array(pattern).min(1).max(50)], 'must be a name, or a list of names; * stands for anything')
  .transform((written) => (typeof written === 'string' ? [written] : written))
  .default(['*'])

const everyRule = {
  /** What people call it, and what makes it the same rule again. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'must be lower-case letters, digits and dashes, at most 50'),
  environments: patterns,
  severity: z.enum(severities).default('warning' satisfies Severity),
  enabled: z.boolean().default(true),
}

/** How long it has to be so before anybody is told. */
const lasting = (otherwise: number) => ({ for: span(0, DAY).default(otherwise) })

const limits = ({ schema }: Measure) => ({
  above: schema.optional(),
  below: schema.optional(),
  /** From where on it is over; left out: as soon as it is no longer above or below. */
  recover: schema.optional(),
})

interface Limits {
  readonly above?: Limit | undefined
  readonly below?: Limit | undefined
  readonly recover?: Limit | undefined
}

function checkLimits(limits: Limits, context: z.RefinementCtx): void {
  const [at, message] = limitsFault(limits) ?? []
  if (at !== undefined) context.addIssue({ code: 'custom', path: [at], message })
}

function limitsFault({ above, below, recover }: Limits): readonly [at: string, message: string] | undefined {
  const limit = above ?? below
  if (!limit) return ['above', 'is missing: say above or below which figure']
  if (above && below) return ['below', 'stands beside above: a rule has one of the two']
  if (!recover) return undefined
  if (recover.share !== limit.share) return ['recover', 'must be written as the figure that it belongs to: both are shares, or neither']
  if (above && recover.value > above.value) return ['recover', 'must not be more than above']
  return below && recover.value < below.value ? ['recover', 'must not be less than below'] : undefined
}

function measured<Kind extends MeasuredKind>(kind: Kind) {
  const fields = { kind: z.literal(kind), ...everyRule, services: patterns, ...lasting(5 * MINUTE), ...limits(measures[kind]) }
  return z.strictObject(fields).superRefine(checkLimits)
}

function measuredOfRequests<Kind extends 'error-rate' | 'latency'>(kind: Kind) {
  const fields = { kind: z.literal(kind), ...everyRule, services: patterns, ...lasting(5 * MINUTE), ...limits(measures[kind]) }
  /** Of fewer requests a second it says nothing: one of two that fails is no half of all. */
  return z.strictObject({ ...fields, requests: z.number().min(0).max(1e6).default(0.1) }).superRefine(checkLimits)
}

const path = z.string().regex(/^[\w$-]+(\.[\w$-]+){0,15}$/, 'must be a dotted path such as payload.service')
const wanted = z.union([text(2_000), z.number(), z.boolean(), z.null()], 'must be a text, a number, true, false or null')
/** Fields of a message that must be so, by dotted path; in a text `*` stands for anything. */
const where = z
  .record(path, wanted)
  .refine((fields) => Object.keys(fields).length <= 16, 'has more than 16 fields')
  .default({})
const channel = z.enum(Object.values(channels) as [string, ...string[]])

/** What somebody wants to be told of. The one definition of rules from commands, from files and by default. */
export const alertRule = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...{ kind: z.literal('health'), ...everyRule, services: patterns, ...lasting(2 * MINUTE) },
      is: z.array(z.enum(conditions)).min(1).default(['down', 'degraded']),
    }),
    measured('cpu'),
    measured('memory'),
    measured('disk'),
    measured('request-rate'),
    measuredOfRequests('error-rate'),
    measuredOfRequests('latency'),
    z
      .strictObject({
        ...{ kind: z.literal('consciousness'), ...everyRule, ...lasting(5 * MINUTE) },
        /** `level`, or a metric by its name. */
        metric: text(64).min(1).default('level'),
        ...limits(consciousnessMeasure),
      })
      .superRefine(checkLimits),
    z.strictObject({
      ...{ kind: z.literal('stream'), ...everyRule, channel, where },
      /** So many messages within that time. */
      count: z.int().min(1).max(mostHits).default(1),
      within: span(5_000, 60 * MINUTE).default(5 * MINUTE),
    }),
    z.strictObject({
      ...{ kind: z.literal('heartbeat'), ...everyRule, channel, where },
      /** A message must come at least so often. */
      every: span(30_000, 7 * DAY),
    }),
    z.strictObject({
      ...{ kind: z.literal('helix'), ...everyRule, ...lasting(5 * MINUTE) },
      what: z
        .array(z.enum(blindSpots))
        .min(1)
        .default([...blindSpots]),
    }),
  ],
  'must be one of the kinds of rules, see /alerts add',
)

/** As it is written. */
export type WrittenRule = z.input<typeof alertRule>
/** As it is read: times in ms, figures as numbers. */
export type Rule = z.output<typeof alertRule>
export type AlertKind = Rule['kind']
export type RuleOf<Kind extends AlertKind> = Extract<Rule, { kind: Kind }>
export type MeasuredRule = RuleOf<MeasuredKind>
export type ServiceRule = RuleOf<'health' | MeasuredKind>
export type HeardRule = RuleOf<'stream' | 'heartbeat'>
export type PlaceRule = Exclude<Rule, ServiceRule>

export function isOfServices(rule: Rule): rule is ServiceRule {
  return rule.kind === 'health' || rule.kind in measures
}

export function isHeard(rule: Rule): rule is HeardRule {
  return rule.kind === 'stream' || rule.kind === 'heartbeat'
}

/** Of a figure that is compared, the one it is compared with. */
export function limitOf({ above, below }: Limits): Limit {
  return (above ?? below)!
}
