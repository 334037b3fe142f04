import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { amount, figure } from '#src/kernel/units.ts'
import type { LoadSample } from './load-sample.ts'
import type { ScaleRules } from './scale-rules.ts'

/** One kind of load beside its target. */
export interface Figure {
  readonly name: string
  /** What each replica bears now, or why nobody knows. */
  readonly value: string
  readonly target: string
  /** Of what it may be: 1 is the target. Undefined where nobody knows. */
  readonly ratio: number | undefined
  /** How many replicas it takes. */
  readonly takes: number | undefined
}

export interface Weighed {
  readonly rules: Pick<ScaleRules, 'targets' | 'tolerance'>
  readonly load: LoadSample
  /** As many as are set. */
  readonly base: number
  /** Of one replica. */
  readonly limits: { readonly cpu: number | undefined; readonly memory: number | undefined }
  /** A share of what is needed that shall be there beside it. */
  readonly more: number
  /** Why the queue cannot be read. */
  readonly unread?: string | undefined
}

/** Latency does not follow the replicas: it counts as low from half of its target, while CPU would be below half of its limit with one less. */
const LOW = 0.5
/** However slow it is, at most so many times the replicas at once. */
const MOST_TIMES = 10
/** What a division leaves behind a whole number is none. */
const TINY = 1e-9

/** Every target beside what is, as Kubernetes counts: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details */
export function figuresOf(given: Weighed): readonly Figure[] {
  const { cpu, memory, requestRate, latency, queue } = given.rules.targets
  const { load, limits, unread } = given
  return [
    cpu && usage(given, { name: 'CPU', unit: 'vCPU', target: cpu, total: load.cpu, limit: limits.cpu }),
    memory && usage(given, { name: 'Memory', unit: 'GB', target: memory, total: load.memory, limit: limits.memory }),
    requestRate &&
      shared(given, {
        ...{
          name: 'Request rate',
          target: `${figure(requestRate.value)} a second`,
          each: requestRate.value,
          total: load.requestsPerSecond,
        },
        ...{
          say: (value: number) => `${figure(value)} a second`,
          unknown: 'Railway counts none (it has no public address, or none was asked)',
        },
      }),
    latency && latencyFigure(given, latency.value),
    queue &&
      shared(given, {
        ...{ name: 'Queue', target: `${figure(queue.each)} waiting`, each: queue.each, total: load.queue },
        ...{ say: (value: number) => `${figure(value)} waiting`, unknown: unread ?? 'it was not read' },
      }),
  ].filter((each) => each !== undefined)
}

interface Usage {
  readonly name: string
  readonly unit: string
  readonly target: { readonly value: number; readonly share: boolean }
  readonly total: number | undefined
  readonly limit: number | undefined
}

function usage(given: Weighed, { name, unit, target, total, limit }: Usage): Figure {
  const { value, share } = target
  const each = share ? (limit === undefined ? undefined : limit * value) : value
  const unknown = total === undefined ? 'Railway has no sample of the last minutes' : 'Railway names no limit of it'
  const say = (used: number) => (share ? `${figure((used / limit!) * 100)} %` : amount(used, unit))
  const says = share ? `${figure(value * 100)} %` : amount(value, unit)
  return shared(given, { name, target: says, each, total, say, unknown })
}

interface Shared {
  readonly name: string
  readonly target: string
  /** What each replica shall bear. */
  readonly each: number | undefined
  /** What all bear together. */
  readonly total: number | undefined
  readonly say: (value: number) => string
  readonly unknown: string
}

/** What is the less for each the more there are. */
function shared({ rules, load, base, more }: Weighed, { name, target, each, total, say, unknown }: Shared): Figure {
  if (each === undefined || total === undefined) return { name, target, value: `unknown: ${unknown}`, ratio: undefined, takes: undefined }
  const aim = each / (1 + more)
  const isNear = Math.abs(total / (base * aim) - 1) <= rules.tolerance.value + TINY
  return {
    ...{ name, target, value: say(total / Math.max(1, load.replicas)), ratio: total / (Math.max(1, load.replicas) * each) },
    takes: isNear ? base : Math.ceil(total / aim - TINY),
  }
}

function latencyFigure({ rules, load, base, limits, more }: Weighed, target: number): Figure {
  const own = { name: 'p95', target: sayDuration(target) }
  // Nobody asks, so nobody waits.
  const p95 = load.requestsPerSecond === 0 ? 0 : load.p95Ms
  if (p95 === undefined) return { ...own, value: 'unknown: Railway counted no answers', ratio: undefined, takes: undefined }
  const ratio = p95 / (target / (1 + more))
  const isIdle = load.cpu !== undefined && limits.cpu !== undefined && base > 1 && load.cpu / ((base - 1) * limits.cpu) <= LOW
  const fewer = ratio < LOW && isIdle ? base - 1 : base
  return {
    ...own,
    value: load.requestsPerSecond === 0 ? 'no requests' : sayDuration(p95),
    ratio: p95 / target,
    takes: ratio > 1 + rules.tolerance.value ? Math.ceil(base * Math.min(ratio, MOST_TIMES) - TINY) : fewer,
  }
}
