import { z } from 'zod'
import { type Severity, severities } from '#src/incidents/incidents.ts'
import { channels } from '#src/kernel/channels.ts'
import { PatternFault } from '#src/kernel/linear-pattern.ts'
import { span } from '#src/kernel/span.ts'
import { growth, type Limit, latency, type Measure, money, number, share, used } from './limit.ts'
import { logPattern, unquoted } from './log-pattern.ts'

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

/** How bad a line of a log is, and a webhook of Railway; least to most. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export const webhookLevels = ['info', 'notice', 'warning', 'critical'] as const
/** What of a project's cost is compared. */
export const costMetrics = ['estimate', 'current', 'day'] as const

const conditions = ['down', 'degraded', 'deploying', 'sleeping', 'stopped', 'unknown', 'healthy'] as const

const DAY = 86_400_000
const MINUTE = 60_000
const mostHits = 1_000

/** What the database can keep. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must be plain text')

const pattern = text(100).min(1)
/** Names in which `*` stands for anything; one, or a list. */
const patternList = z
  .union([pattern, z.array(pattern).min(1).max(50)], 'must be a name, or a list of names; * stands for anything')
  .transform((written) => (typeof written === 'string' ? [written] : written))
const patterns = patternList.default(['*'])

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

/** Of what is counted; in a time of at most so long. */
const counting = (most: number, longest: number, usual: number) => ({
  count: z.int().min(1).max(most).default(1),
  within: span(5_000, longest).default(usual),
})

const linePattern = text(200)
  .transform(unquoted)
  .pipe(z.string().min(1, 'must not be empty'))
  .superRefine((written, context) => {
    try {
      logPattern(written)
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error
      context.addIssue({ code: 'custom', message: `must be text, or a regular expression between two /: it ${error.message}` })
    }
  })

interface CostLimits extends Omit<Limits, 'below'> {
  readonly rise?: Limit | undefined
  readonly metric?: string | undefined
}

/** A cost beyond an amount, or rising: one of the two. */
function checkCost(rule: CostLimits, context: z.RefinementCtx): void {
  const fault = (at: string, message: string) => context.addIssue({ code: 'custom', path: [at], message })
  if (!rule.above && !rule.rise) fault('above', 'is missing: say above which amount, or with rise how much more than usual')
  if (rule.above && rule.rise) fault('rise', 'stands beside above: a rule has one of the two')
  if (rule.rise && rule.metric) fault('metric', 'stands beside rise: what rises is what a day costs')
  if (rule.rise && rule.recover) fault('recover', 'stands beside rise: it belongs to above')
  if (rule.above && rule.recover && rule.recover.value > rule.above.value) fault('recover', 'must not be more than above')
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
      ...counting(mostHits, 60 * MINUTE, 5 * MINUTE),
    }),
    z.strictObject({
      ...{ kind: z.literal('heartbeat'), ...everyRule, channel, where },
      /** A message must come at least so often. */
      every: span(30_000, 7 * DAY),
    }),
    z.strictObject({
      ...{ kind: z.literal('log'), ...everyRule, services: patterns },
      /** Text that a line has, in which `*` stands for anything; or `/a regular expression/`. */
      pattern: linePattern,
      /** Only of lines that are at least so bad. */
      level: z.enum(logLevels).optional(),
      /** So many lines of one service within that time. */
      ...counting(500, 60 * MINUTE, 5 * MINUTE),
    }),
    z
      .strictObject({
        ...{ kind: z.literal('cost'), ...everyRule, ...lasting(0) },
        /** Of the billing period what is expected at its end (left out), or so far; or the last day. */
        metric: z.enum(costMetrics).optional(),
        above: money.schema.optional(),
        recover: money.schema.optional(),
        /** The last day cost so much more than the days before it. */
        rise: growth.schema.optional(),
      })
      .superRefine(checkCost),
    z.strictObject({
      ...{ kind: z.literal('certificate'), ...everyRule, services: patterns, ...lasting(15 * MINUTE) },
      /** It ends within so many days. */
      days: z.int().min(1).max(90).default(14),
    }),
    z.strictObject({
      ...{ kind: z.literal('webhook'), ...everyRule, services: patterns },
      /** `Deployment.failed`, or only `failed`. */
      type: patternList,
      /** Only of such as Railway holds to be at least so bad. */
      level: z.enum(webhookLevels).optional(),
      ...counting(100, DAY, 60 * MINUTE),
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
/** Of those something is read of its own, and kept. */
export type ReadRule = RuleOf<'log' | 'cost' | 'certificate' | 'webhook'>
export type PlaceRule = Exclude<Rule, ServiceRule>

export function isOfServices(rule: Rule): rule is ServiceRule {
  return rule.kind === 'health' || rule.kind in measures
}

export function isHeard(rule: Rule): rule is HeardRule {
  return rule.kind === 'stream' || rule.kind === 'heartbeat'
}

export function isRead(rule: Rule): rule is ReadRule {
  const { kind } = rule
  return kind === 'log' || kind === 'cost' || kind === 'certificate' || kind === 'webhook'
}

export function isOf<Kind extends AlertKind>(kind: Kind): (rule: Rule) => rule is RuleOf<Kind> {
  return (rule): rule is RuleOf<Kind> => rule.kind === kind
}

/** Of a figure that is compared, the one it is compared with. */
export function limitOf({ above, below }: Limits): Limit {
  return (above ?? below)!
}
