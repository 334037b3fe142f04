import type { ConsciousnessReading, Spread } from './consciousness.ts'

/** A spread that others can be added to: with how many values it is of. */
export interface Tally extends Spread {
  readonly n: number
}

/** What was read of one source, or of several, in a span of time. */
export interface Tallies {
  readonly level: Tally | undefined
  readonly metrics: Readonly<Record<string, Tally>>
}

/** So many metrics of a span are kept; known ones come first. */
const MOST_METRICS = 24

/** One reading as a tally. */
export function tallyOf({ level, metrics }: Pick<ConsciousnessReading, 'level' | 'metrics'>): Tallies {
  const kept = Object.entries(metrics).slice(0, MOST_METRICS)
  return {
    level: level === undefined ? undefined : one(level),
    metrics: Object.fromEntries(kept.map(([name, value]) => [name, one(value)])),
  }
}

/** Both together; `later` has the newest values. */
export function add(earlier: Tallies, later: Tallies): Tallies {
  const metrics = new Map(Object.entries(earlier.metrics))
  for (const [name, tally] of Object.entries(later.metrics)) {
    if (metrics.has(name) || metrics.size < MOST_METRICS) metrics.set(name, sum(metrics.get(name), tally)!)
  }
  return { level: sum(earlier.level, later.level), metrics: Object.fromEntries(metrics) }
}

function one(value: number): Tally {
  return { n: 1, min: value, mean: value, max: value, last: value }
}

function sum(a: Tally | undefined, b: Tally | undefined): Tally | undefined {
  if (!a || !b) return a ?? b
  const n = a.n + b.n
  return { n, min: Math.min(a.min, b.min), mean: a.mean + (b.mean - a.mean) * (b.n / n), max: Math.max(a.max, b.max), last: b.last }
}
