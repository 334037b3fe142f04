import { replicaPerMonth } from '#src/policies/replica-price.ts'
import type { Made, Round } from '#src/policies/rounds.ts'
import type { Bounds } from './bounds.ts'
import { type Figure, figuresOf } from './figures.ts'
import { hindrances } from './hindrances.ts'
import type { LoadSample } from './load-sample.ts'
import { pastActs } from './past-acts.ts'
import { learnLimit } from './replica-limit.ts'
import type { ScaleRules } from './scale-rules.ts'
import type { ScaleState, Told } from './scale-state.ts'
import { contentWords, figureFacts, leadWords, scaleWords } from './scale-words.ts'
import { recommend, stable } from './stable.ts'

/** Everything that a decision is made from, besides what the policy left behind. */
export interface ScaleMoment {
  /** Its replicas: those that run. */
  readonly load: LoadSample
  /** As many as are set on Railway. */
  readonly set: number
  readonly bounds: Bounds
  /** Why the figures tell nothing now: it is deploying, sleeping, down. */
  readonly unfit?: string | undefined
  /** Why the queue cannot be read. */
  readonly unread?: string | undefined
  /** What is being done with the service, so that nothing may be: `an operation (deploy) of Ada is under way`. */
  readonly busy?: string | undefined
  /** Railway allows no more, and why. */
  readonly most?: { readonly replicas: number; readonly why: string } | undefined
  /** A reading that is longer after the one before says nothing of the time between, in ms. */
  readonly gapMs: number
}

export type ScaleRound = Pick<Round<ScaleRules, ScaleState>, 'state' | 'past' | 'stop'> & {
  readonly policy: Pick<Round<ScaleRules, ScaleState>['policy'], 'rules' | 'service' | 'mode' | 'at'>
}

/** What keeps it from doing what it would. */
export interface Hindrance {
  readonly verdict: string
  readonly sentence: string
  readonly tone: Told['tone']
  /** Worth a line among the decisions, by this name: not again and again. */
  readonly say?: string
}

/** What it is about to do. */
export interface Wish {
  readonly to: number
  /** The same, if Railway allowed any number. */
  readonly free: number
  /** Outside of its bounds it goes back at once. */
  readonly isForced: boolean
}

/** What is worth a line is so once an hour, as long as it stays so. */
const SAID_AGAIN_MS = 3_600_000

/** One decision from one reading. Pure: the simulator makes the same. */
export function decideScaling(round: ScaleRound, moment: ScaleMoment): Made<ScaleState> {
  const { policy, state } = round
  const { load, bounds, set } = moment
  const { rules, service } = policy
  const now = load.at.getTime()
  const replicas = { running: load.replicas, set }
  const empty = { up: [], down: [], said: {}, ...state }
  const base = { at: now, replicas, bounds: { min: bounds.min, max: bounds.max, ...(bounds.by !== undefined && { by: bounds.by }) } }
  if (moment.unfit !== undefined) {
    const held = { verdict: 'waits', sentence: moment.unfit, tone: 'neutral' as const, figures: [] }
    return { state: { ...empty, told: { ...base, ...held } } }
  }

  const limits = {
    cpu: learnLimit(state?.limits?.cpu, { ...load, used: load.cpu, limit: load.cpuLimit }),
    memory: learnLimit(state?.limits?.memory, { ...load, used: load.memory, limit: load.memoryLimit }),
  }
  const isLow = rules.consciousness !== undefined && load.level !== undefined && load.level < rules.consciousness.below
  const figures = figuresOf({
    ...{ rules, load, base: set, limits: { cpu: limits.cpu.each, memory: limits.memory.each }, unread: moment.unread },
    more: isLow && rules.consciousness?.does === 'more' ? rules.consciousness.more.value : 0,
  })
  const takes = demand(figures, set)
  const ways = { up: { ...rules.up, ...lowest }, down: { ...rules.down, ...highest } }
  const spans = {
    up: recommend(empty.up, now, takes, { forMs: rules.up.for, gapMs: moment.gapMs, ...lowest }),
    down: recommend(empty.down, now, takes, { forMs: rules.down.for, gapMs: moment.gapMs, ...highest }),
  }
  const least = stable(spans.up, now, { forMs: ways.up.for, ...lowest })
  const most = stable(spans.down, now, { forMs: ways.down.for, ...highest })
  const wish = reachable(wishOf({ rules, bounds, set, least, most }), moment)
  const told = (own: Omit<Hindrance, 'say'>): Told => ({
    ...{ ...base, verdict: own.verdict, sentence: own.sentence, tone: own.tone, figures: figures.map(kept) },
    ...(figures.some((each) => each.takes !== undefined) && { takes }),
  })
  const left = (own: Hindrance, said = empty.said): ScaleState => ({ ...spans, limits, said, told: told(own) })

  const acts = pastActs(round.past, policy, load.at)
  const price = replicaPerMonth({ cpu: usage(load.cpu), memory: usage(load.memory), replicas: { running: load.replicas, wanted: set } })
  const hindered = hindrances({ round, moment, wish, figures, acts, price, isLow, takes })
  if (hindered) {
    const { say } = hindered
    const isNews = say !== undefined && now - (empty.said[say] ?? Number.NEGATIVE_INFINITY) >= SAID_AGAIN_MS
    if (!isNews) return { state: left(hindered) }
    const { verdict, sentence } = hindered
    return { state: left(hindered, { ...empty.said, [say]: now }), decision: { verdict, sentence, facts: figureFacts(figures) } }
  }
  if (wish.to === set) {
    return { state: left({ verdict: 'content', tone: 'good', sentence: contentWords(set, figures, { takes, bounds }) }) }
  }

  const verdict = wish.to > set ? 'scale up' : 'scale down'
  const why = wish.isForced ? boundsWords(bounds, set) : `${leadWords(figures)}.`
  const sentence = `${scaleWords(service.name, set, wish.to)}: ${why}`
  const act = {
    ...{ command: 'scale', arguments: { service: service.id, replicas: wish.to } },
    ...(price !== undefined && { dollarsPerMonth: price * (wish.to - set) }),
  }
  const name = `${verdict} ${wish.to}`
  // What is only simulated changes nothing, and would be decided again and again.
  const isKnown = policy.mode !== 'act' && now - (empty.said[name] ?? Number.NEGATIVE_INFINITY) < SAID_AGAIN_MS
  const own = { verdict, sentence, tone: 'neutral' as const }
  if (isKnown) return { state: left(own) }
  const said = policy.mode === 'act' ? {} : { [name]: now }
  return { state: left(own, said), decision: { verdict, sentence, facts: figureFacts(figures), act } }
}

const lowest = { pick: (one: number, other: number) => Math.min(one, other) }
const highest = { pick: (one: number, other: number) => Math.max(one, other) }

/** The largest demand counts; what nobody knows takes at least what there is. */
function demand(figures: readonly Figure[], set: number): number {
  return Math.max(...figures.map(({ takes }) => takes ?? set))
}

interface Wished {
  readonly rules: ScaleRules
  readonly bounds: Bounds
  readonly set: number
  /** What the whole time took at least and at most; undefined where it was not looked for so long. */
  readonly least: number | undefined
  readonly most: number | undefined
}

function wishOf({ rules: { up, down }, bounds: { min, max }, set, least, most }: Wished): Omit<Wish, 'free'> {
  if (set < min || set > max) return { to: set < min ? min : max, isForced: true }
  if (least !== undefined && least > set) return { to: Math.min(least, set + up.step, max), isForced: false }
  if (most !== undefined && most < set) return { to: Math.max(most, set - down.step, min), isForced: false }
  return { to: set, isForced: false }
}

/** What Railway refuses for sure is not asked for. */
function reachable({ to, isForced }: Omit<Wish, 'free'>, { set, bounds, most }: ScaleMoment): Wish {
  if (to <= set || !most || to <= most.replicas) return { to, isForced, free: to }
  return { to: most.replicas >= bounds.min ? Math.max(set, most.replicas) : set, isForced, free: to }
}

function kept({ name, value, target, takes }: Figure): Told['figures'][number] {
  return { name, value, target, ...(takes !== undefined && { takes }) }
}

function usage(used: number | undefined) {
  return used === undefined ? undefined : { used, limit: undefined }
}

function boundsWords({ min, max, by }: Bounds, set: number): string {
  const says = by === undefined ? 'the policy' : `its schedule (${by})`
  return set < min ? `${says} asks for at least ${min}.` : `${says} allows at most ${max}.`
}
