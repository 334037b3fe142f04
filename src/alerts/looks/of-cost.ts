import { andList } from '#src/kernel/say.ts'
import { sayDollars } from '../limit.ts'
import type { Costs } from '../readings/costs.ts'
import type { RuleOf } from '../rule.ts'
import { compared } from '../service-rules.ts'
import type { Look } from './look.ts'

type CostRule = RuleOf<'cost'>
type Cost = NonNullable<Costs['cost']>

/** What was read so long ago says nothing of now, in ms. */
const freshMs = 3 * 60 * 60_000
/** A day that costs less rises by nothing that matters, in USD. */
const leastDay = 0.1

/** Undefined where it was not read yet. */
export function looksOfCost(rule: CostRule, costs: Costs | undefined, now: number): readonly Look[] | undefined {
  if (!costs || now - costs.at > freshMs) return undefined
  const about = { subject: 'project', group: 'cost', title: titleOf(rule) }
  const { cost } = costs
  if (!cost) return [{ ...about, verdict: 'unread', reads: 'A project token may not ask what it costs: give Helix a workspace token.' }]
  return [{ ...about, ...(rule.rise ? rising(rule.rise.value, cost) : beyond(rule, cost)) }]
}

/** `the estimated cost above $20`. */
export function sayCost({ metric = 'estimate', above, rise }: Pick<CostRule, 'metric' | 'above' | 'rise'>): string {
  if (rise) return `the last day’s cost ${Math.round(rise.value * 100)} % above the usual`
  return `${nouns[metric]} above ${sayDollars(above!.value)}`
}

const nouns = {
  estimate: 'the expected cost of the billing period',
  current: 'the cost of the billing period so far',
  day: 'the last day’s cost',
} as const

function titleOf(rule: CostRule): string {
  return `The project: ${sayCost(rule)}`
}

function beyond(rule: CostRule, cost: Cost): Pick<Look, 'verdict' | 'reads'> {
  const { metric = 'estimate' } = rule
  const value = { estimate: cost.estimate, current: cost.current, day: cost.lastDay }[metric]
  return { verdict: compared(rule, rule.above!)(value), reads: `${first(nouns[metric])} is ${sayDollars(value)}.${dearest(cost)}` }
}

function rising(rise: number, cost: Cost): Pick<Look, 'verdict' | 'reads'> {
  const { lastDay, usualDay } = cost
  if (usualDay === undefined) return { verdict: 'unread', reads: 'The project is too young for a usual cost.' }
  const isMore = lastDay >= leastDay && lastDay > usualDay * (1 + rise)
  return {
    verdict: isMore ? 'bad' : 'well',
    reads: `The last day cost ${sayDollars(lastDay)}, a usual one ${sayDollars(usualDay)}.${dearest(cost)}`,
  }
}

function dearest({ dearest: named }: Cost): string {
  return named.length === 0 ? '' : ` Most of the last day: ${andList(named.map(({ name, cost }) => `${name} ${sayDollars(cost)}`))}.`
}

function first(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}`
}
