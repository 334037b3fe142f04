import { setImmediate as turn } from 'node:timers/promises'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import type { Decision, PastDecision } from '#src/policies/decision.ts'
import { replicaPerMonth } from '#src/policies/replica-price.ts'
import { createBounds } from './bounds.ts'
import { decideScaling, type ScaleRound } from './decide-scaling.ts'
import { figuresOf } from './figures.ts'
import type { LoadSample } from './load-sample.ts'
import { learnLimit, type SeenLimit } from './replica-limit.ts'
import type { ScaleRules } from './scale-rules.ts'

/** What a policy would have done to a load that was recorded. */
export interface Replay {
  readonly from: Date
  readonly to: Date
  readonly samples: readonly LoadSample[]
  /** Of one replica, as it was known at each sample. */
  readonly limits: readonly { readonly cpu: number | undefined; readonly memory: number | undefined }[]
  /** How many replicas there would have been, at each sample. */
  readonly replicas: readonly number[]
  readonly decisions: readonly (Decision & { readonly at: Date; readonly from: number; readonly to: number })[]
  /** Replica-hours as they were, and as they would have been. */
  readonly hours: { readonly were: number; readonly would: number }
  /** The same in dollars; undefined where it is not known what a replica cost. */
  readonly dollars: { readonly were: number; readonly would: number } | undefined
  /** For how long the load was, and would have been, beyond what the targets allow, in ms. */
  readonly overloadedMs: { readonly was: number; readonly would: number }
  /** What of the load had to be assumed, in sentences: how latency follows from replicas, gaps in the record. */
  readonly assumed: readonly string[]
}

const HOUR = 3_600_000
const HOURS_A_MONTH = 730
const MOST_PAST = 100
/** After so many samples, some 25 ms, what else this process does has its turn. */
const PIECE = 500

/**
 * Steps the very same decision over a load, oldest first: how much there is to bear is as it was, what each replica bears follows from how many
 * there would have been. At least one sample.
 */
export async function replay(rules: ScaleRules, service: ServiceRef, samples: readonly LoadSample[]): Promise<Replay> {
  const [first, last] = [samples[0]!, samples.at(-1)!]
  const boundsAt = createBounds(rules)
  const stepMs = typicalStep(samples)
  const gapMs = 3 * stepMs + 10_000
  const policy = { rules, service, mode: 'act', at: new Date(0) } as const
  const limits: { cpu: number | undefined; memory: number | undefined }[] = []
  const replicas: number[] = []
  const decisions: Replay['decisions'][number][] = []
  const [hours, dollars, overloadedMs] = [
    { were: 0, would: 0 },
    { were: 0, would: 0 },
    { was: 0, would: 0 },
  ]
  let seen: { readonly cpu: SeenLimit; readonly memory: SeenLimit } | undefined
  let state: ScaleRound['state']
  let past: readonly PastDecision[] = []
  let running = Math.max(1, first.replicas)
  let missingMs = 0

  for (const [index, sample] of samples.entries()) {
    if (index % PIECE === PIECE - 1) await turn()
    const { at } = sample
    const toNext = (samples[index + 1]?.at.getTime() ?? at.getTime() + stepMs) - at.getTime()
    const lastsMs = toNext > gapMs ? stepMs : toNext
    missingMs += toNext - lastsMs
    seen = {
      cpu: learnLimit(seen?.cpu, { ...sample, used: sample.cpu, limit: sample.cpuLimit }),
      memory: learnLimit(seen?.memory, { ...sample, used: sample.memory, limit: sample.memoryLimit }),
    }
    const each = { cpu: seen.cpu.each, memory: seen.memory.each }
    limits.push(each)
    replicas.push(running)
    if (sample.replicas < 1) continue

    const load = borneBy(sample, running)
    const isOver = (borne: LoadSample) =>
      figuresOf({ rules, load: borne, base: borne.replicas, limits: each, more: 0 }).some(
        ({ ratio }) => ratio !== undefined && ratio > 1 + rules.tolerance.value,
      )
    if (isOver(sample)) overloadedMs.was += lastsMs
    if (isOver(load)) overloadedMs.would += lastsMs
    hours.were += (sample.replicas * lastsMs) / HOUR
    hours.would += (running * lastsMs) / HOUR
    const price = priceOf(sample)
    dollars.were += (price * sample.replicas * lastsMs) / HOUR
    dollars.would += (price * running * lastsMs) / HOUR

    // What is known of the limits is known from the record: nothing follows from replicas that are only thought of.
    const known = state && { ...state, limits: { cpu: standing(seen.cpu, running), memory: standing(seen.memory, running) } }
    const round = { policy, state: known ?? firstState(seen, running), past, stop: undefined }
    const made = decideScaling(round, { load, set: running, bounds: boundsAt(at), gapMs })
    state = made.state
    if (!made.decision) continue
    const to = Number(made.decision.act?.arguments.replicas ?? running)
    decisions.push({ ...made.decision, at, from: running, to })
    if (made.decision.act) past = [done(made.decision, at, index, service), ...past].slice(0, MOST_PAST)
    running = to
  }
  return {
    ...{ from: first.at, to: last.at, samples, limits, replicas, decisions, hours, overloadedMs },
    dollars: dollars.were > 0 ? dollars : undefined,
    assumed: assumptions(rules, missingMs, dollars.were > 0),
  }
}

/** The same load, borne by so many. */
function borneBy(sample: LoadSample, replicas: number): LoadSample {
  const p95Ms = sample.p95Ms === undefined ? undefined : (sample.p95Ms * sample.replicas) / replicas
  return { ...sample, replicas, p95Ms, cpuLimit: undefined, memoryLimit: undefined }
}

function standing({ each }: SeenLimit, replicas: number): SeenLimit {
  return { replicas, since: 0, ...(each !== undefined && { each }) }
}

function firstState(seen: { readonly cpu: SeenLimit; readonly memory: SeenLimit }, replicas: number): NonNullable<ScaleRound['state']> {
  const told = { at: 0, verdict: '', sentence: '', tone: 'neutral' as const, bounds: { min: 1, max: 1 }, figures: [] }
  return { told, up: [], down: [], said: {}, limits: { cpu: standing(seen.cpu, replicas), memory: standing(seen.memory, replicas) } }
}

function done(decision: Decision, at: Date, index: number, service: ServiceRef): PastDecision {
  return {
    ...{ ...decision, at, service, id: String(index), policy: 'replay', kind: 'scale', name: 'replay', mode: 'act' },
    answer: { status: 'done', sentence: '' },
    outcome: undefined,
  }
}

/** Of a replica, in dollars an hour; 0 where it is not known. */
function priceOf({ cpu, memory, replicas }: LoadSample): number {
  const used = (value: number | undefined) => (value === undefined ? undefined : { used: value, limit: undefined })
  const price = replicaPerMonth({ cpu: used(cpu), memory: used(memory), replicas: { running: replicas, wanted: replicas } })
  return (price ?? 0) / HOURS_A_MONTH
}

/** The usual time from one sample to the next, in ms. */
function typicalStep(samples: readonly LoadSample[]): number {
  const steps = samples.slice(1).map(({ at }, index) => at.getTime() - samples[index]!.at.getTime())
  return steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)] ?? 60_000
}

function assumptions({ targets }: ScaleRules, missingMs: number, isPriced: boolean): readonly string[] {
  return [
    'There is as much to do as there was, spread evenly over the replicas. It decides at each sample, and a change of replicas counts from the next one on.',
    targets.memory && 'Memory is taken to follow the load, as CPU does.',
    targets.latency && 'Latency is taken to follow the load of each replica: nobody knows how fast others would have been.',
    targets.queue && 'As many messages are taken to wait as did: with other replicas fewer or more would have.',
    isPriced && 'A replica is taken to cost what one cost at that time.',
    missingMs > 0 && `Of ${sayDuration(missingMs)} there is no record: they count for nothing.`,
  ].filter((each) => typeof each === 'string')
}
