import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { count } from '#src/kernel/say.ts'
import { figure } from '#src/kernel/units.ts'
import { isSettled } from '#src/policies/decision.ts'
import type { Hindrance, ScaleMoment, ScaleRound, Wish } from './decide-scaling.ts'
import type { Figure } from './figures.ts'
import { inTime, type PastActs } from './past-acts.ts'
import { leadWords } from './scale-words.ts'

export interface Hindered {
  readonly round: ScaleRound
  readonly moment: ScaleMoment
  readonly wish: Wish
  readonly figures: readonly Figure[]
  readonly acts: PastActs
  /** Of a replica, in dollars a month. */
  readonly price: number | undefined
  /** The level of consciousness is below what the policy names. */
  readonly isLow: boolean
  readonly takes: number
}

/** Why it does not do what it would; undefined where nothing stands against it, or it would do nothing anyway. */
export function hindrances(given: Hindered): Hindrance | undefined {
  const { moment, wish } = given
  if (wish.to === moment.set) return standsStill(given)
  const isUp = wish.to > moment.set
  return (
    underWay(given) ??
    stopped(given) ??
    consciousness(given, isUp) ??
    refusedBefore(given) ??
    budget(given, isUp) ??
    (wish.isForced ? undefined : resting(given, isUp)) ??
    (isUp ? undefined : keeps(given))
  )
}

const waits = (sentence: string): Hindrance => ({ verdict: 'waits', tone: 'neutral', sentence })
const held = (say: string, sentence: string): Hindrance => ({ verdict: 'held', tone: 'warning', sentence, say })

/** `It would scale from 2 to 4: CPU is at 95 % (target 70 %), which takes 3`. */
function would({ wish, moment: { set, bounds }, figures }: Hindered): string {
  const why = wish.isForced ? `from ${bounds.min} to ${bounds.max} are allowed` : leadWords(figures)
  return `It would scale from ${set} to ${wish.free} (${why})`
}

/** It does nothing: more is needed than there may be, it was not so for long enough, or nobody knows. */
function standsStill(given: Hindered): Hindrance | undefined {
  const { moment, figures, takes, round } = given
  const { set, bounds, load, most } = moment
  const { up, down } = round.policy.rules
  if (most && given.wish.free > set) {
    const least = bounds.min > most.replicas ? `, less than its least of ${bounds.min}` : ''
    return held('most', `${would(given)}, but ${most.why}${least}.`)
  }
  const unknown = figures.filter((each) => each.takes === undefined)
  if (takes > set && set >= bounds.max) {
    return held('max', `${count(set, 'replica')}, the most there may be${by(given)}, and more are needed: ${leadWords(figures)}.`)
  }
  if (takes > set) return waits(`${leadWords(figures)}: replicas are added once it has been so for ${sayDuration(up.for)}.`)
  if (unknown.length > 0) {
    const names = unknown.map(({ name, value }) => `${name} is ${value}`).join('; ')
    return held('unknown', `${count(set, 'replica')}, and none is taken away while a figure is not known: ${names}.`)
  }
  if (takes < set && set > bounds.min && load.replicas >= set) {
    return waits(`${leadWords(figures)}: a replica is taken away once it has been so for ${sayDuration(down.for)}.`)
  }
  return undefined
}

function by({ moment: { bounds } }: Hindered): string {
  return bounds.by === undefined ? '' : ` by its schedule (${bounds.by})`
}

/** Nothing is decided on top of what nobody knows the outcome of. */
function underWay({ round, moment }: Hindered): Hindrance | undefined {
  const open = round.past.find((each) => !isSettled(each))
  if (open) return waits(`It waits for what it began: ${open.sentence}`)
  return moment.busy === undefined ? undefined : waits(`It waits: ${moment.busy}.`)
}

function stopped(given: Hindered): Hindrance | undefined {
  const { stop } = given.round
  return stop && held('stopped', `${would(given)}, but healing and scaling are stopped (${stop.byName}: ${stop.reason}).`)
}

function consciousness(given: Hindered, isUp: boolean): Hindrance | undefined {
  const { round, moment, isLow } = given
  const rule = round.policy.rules.consciousness
  if (!isLow || !rule || rule.does === 'more' || (rule.does === 'keep' && isUp)) return undefined
  const what = rule.does === 'hold' ? 'nothing is done' : 'no replica is taken away'
  return held(rule.does, `${would(given)}, but the level is at ${figure(moment.load.level!)}: below ${figure(rule.below)} ${what}.`)
}

function refusedBefore({ acts: { failed }, moment: { load } }: Hindered): Hindrance | undefined {
  if (!failed || load.at >= failed.until) return undefined
  const times = failed.times > 1 ? ` (${failed.times} times in a row)` : ''
  return {
    verdict: 'waits',
    tone: 'warning',
    sentence: `It could not be done${times}: ${failed.why} It is tried again ${inTime(failed.until, load.at)}.`,
  }
}

function budget(given: Hindered, isUp: boolean): Hindrance | undefined {
  const { round, acts, price, wish } = given
  const { perHour, dollars } = round.policy.rules
  if (acts.inLastHour >= perHour) return held('per-hour', `${would(given)}, but it has acted ${perHour} times in the last hour.`)
  if (!isUp || dollars === undefined) return undefined
  if (price === undefined)
    return held('price', `${would(given)}, but nobody knows what a replica costs, and it may cost at most $${dollars} a month.`)
  if (price * wish.to <= dollars) return undefined
  return held('dollars', `${would(given)}, but that would cost $${figure(price * wish.to)} a month, and $${dollars} are allowed.`)
}

function resting(given: Hindered, isUp: boolean): Hindrance | undefined {
  const { round, acts, moment, wish } = given
  const { up, down } = round.policy.rules
  const ends = acts.last && new Date(acts.last.getTime() + (isUp ? up : down).cooldown)
  if (!ends || moment.load.at >= ends) return undefined
  const what = isUp ? `more than ${wish.to === moment.set + 1 ? 'one' : 'some'} may be needed` : 'fewer would do'
  return waits(`${leadWords(given.figures)}: ${what}, and it may act again ${inTime(ends, moment.load.at)}.`)
}

/** Some do not run: fewer might not bear it. */
function keeps(given: Hindered): Hindrance | undefined {
  const { load, set } = given.moment
  if (load.replicas >= set || given.wish.isForced) return undefined
  return waits(`${load.replicas} of ${count(set, 'replica')} run, and none is taken away until all do.`)
}
