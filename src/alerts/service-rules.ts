import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { matchesGlob } from '#src/kernel/glob.ts'
import { sayCondition } from '#src/kernel/say.ts'
import type { ServiceSignals, Usage } from '#src/signals/signals.ts'
import type { Limit } from './limit.ts'
import { limitOf, type MeasuredKind, type MeasuredRule, measures, type Rule, type RuleOf, type ServiceRule } from './rule.ts'
import type { Verdict } from './standing.ts'

/** A rule about services, made ready to be asked of hundreds of them. */
export interface Judge {
  readonly rule: ServiceRule
  readonly fits: (name: string) => boolean
  readonly verdict: (service: ServiceSignals) => Verdict
  /** A few words for what is wrong: `api: memory above 90 %`. */
  readonly title: (service: ServiceSignals) => string
  /** What is read now, in one sentence. */
  readonly reads: (service: ServiceSignals) => string
}

export function judgeOf(rule: ServiceRule): Judge {
  const fits = fitting(rule.services)
  return rule.kind === 'health' ? { rule, fits, ...health(rule) } : { rule, fits, ...measured(rule) }
}

/** Whether a name is one of those, in which `*` stands for anything. */
export function fitting(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.includes('*')) return () => true
  const names = new Set(patterns.filter((each) => !each.includes('*')))
  const globs = patterns.filter((each) => each.includes('*'))
  return (name) => names.has(name) || globs.some((glob) => matchesGlob(glob, name))
}

/** What a figure of a rule is a figure of. */
export const nounOf: Readonly<Record<MeasuredKind, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  disk: 'disk',
  'request-rate': 'traffic',
  'error-rate': 'server errors',
  latency: 'p95 latency',
}

/** `above 90 %`. */
export function sayLimit(rule: MeasuredRule): string {
  return `${rule.above ? 'above' : 'below'} ${measures[rule.kind].say(limitOf(rule))}`
}

function health(rule: RuleOf<'health'>): Pick<Judge, 'verdict' | 'title' | 'reads'> {
  const bad = new Set<string>(rule.is)
  return {
    // What only comes up is no recovery yet.
    verdict: ({ condition }) => (bad.has(condition) ? 'bad' : condition === 'deploying' || condition === 'unknown' ? 'between' : 'well'),
    title: ({ service, condition }) => `${sayCondition(service.name, condition)}${rule.for > 0 ? ` for ${sayDuration(rule.for)}` : ''}`,
    reads: ({ service, condition, reason }) => `${sayCondition(service.name, condition)}. ${reason}`,
  }
}

function measured(rule: MeasuredRule): Pick<Judge, 'verdict' | 'title' | 'reads'> {
  const limit = limitOf(rule)
  const read = readerOf(rule, limit.share)
  const compare = compared(rule, limit)
  const { say } = measures[rule.kind]
  return {
    verdict: (service) => compare(read(service)),
    title: ({ service }) => `${service.name}: ${nounOf[rule.kind]} ${sayLimit(rule)}`,
    reads(service) {
      const value = read(service)
      if (value === undefined) return `Nothing is known of its ${nounOf[rule.kind]} now.`
      return `${nounOf[rule.kind][0]!.toUpperCase()}${nounOf[rule.kind].slice(1)}: ${say({ value, share: limit.share })} now.`
    },
  }
}

/** Compares figures as a rule says; what is not known is unread. */
export function compared({ above, recover }: Pick<MeasuredRule, 'above' | 'recover'>, { value: limit }: Limit) {
  const from = recover?.value ?? limit
  return (value: number | undefined): Verdict => {
    if (value === undefined) return 'unread'
    if (above ? value > limit : value < limit) return 'bad'
    return (above ? value <= from : value >= from) ? 'well' : 'between'
  }
}

function readerOf(rule: MeasuredRule, isShare: boolean): (service: ServiceSignals) => number | undefined {
  const { kind } = rule
  if (kind === 'request-rate') return ({ http }) => http?.requestsPerSecond
  if (kind === 'cpu' || kind === 'memory' || kind === 'disk') {
    return isShare ? (service) => shareOf(service[kind]) : (service) => service[kind]?.used
  }
  const { requests } = rule
  const figure = kind === 'error-rate' ? 'errorRate' : 'p95Ms'
  return ({ http }) => (http && http.requestsPerSecond >= requests ? http[figure] : undefined)
}

function shareOf(usage: Usage | undefined): number | undefined {
  return usage?.limit ? usage.used / usage.limit : undefined
}

/** Whether a rule is for an environment of that name at all. */
export function isFor({ enabled, environments }: Rule, environment: string): boolean {
  return enabled && fitting(environments)(environment)
}
