import type { RailwayAccess } from '#src/adapters/railway/railway.ts'
import { type Consciousness, freshMs } from '#src/consciousness/consciousness.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { OpenOperation, Operations } from '#src/operations/operations.ts'
import { mostReplicasOf } from '#src/operations/plans/scale.ts'
import type { EnvironmentSignals, ServiceSignals, Signals } from '#src/signals/signals.ts'
import { createBounds } from './bounds.ts'
import type { ScaleMoment } from './decide-scaling.ts'
import type { LoadSample } from './load-sample.ts'
import type { QueueRead, ReadQueues } from './queues.ts'
import type { ScalePolicy } from './scaling.ts'

export interface MomentsParts {
  readonly consciousness: Pick<Consciousness, 'now'>
  readonly operations: Pick<Operations, 'open'>
  readonly signals: Pick<Signals, 'cadence'>
  readonly readQueues: ReadQueues
  readonly access: RailwayAccess
  readonly clock: Clock
  readonly log: Log
}

/** What every policy of an environment decides from, out of one reading of it. */
export interface Moments {
  /** Undefined of a service that is not there. */
  load(policy: ScalePolicy): LoadSample | undefined
  moment(policy: ScalePolicy): ScaleMoment
}

const PLAN_KEPT_MS = 3_600_000

export function createReadMoments({ consciousness, operations, signals, readQueues, access, clock, log }: MomentsParts) {
  const plans = new Map<string, { readonly plan: string | undefined; readonly until: number }>()

  /** As Railway bills; undefined where nobody may know. */
  async function planOf(place: Place): Promise<string | undefined> {
    const key = `${place.guild} ${place.project}`
    const known = plans.get(key)
    const now = clock.now().getTime()
    if (known && known.until > now) return known.plan
    const plan = await access(place)
      .then((railway) => railway.plan(place.project))
      .catch((err: unknown) => void log.debug({ err }, 'the plan of a project could not be read'))
    if (plans.size > 1_000) plans.clear()
    plans.set(key, { plan, until: now + PLAN_KEPT_MS })
    return plan
  }

  async function queuesOf(policies: readonly ScalePolicy[]): Promise<ReadonlyMap<string, QueueRead>> {
    const asked = policies.flatMap(({ id, rules }) => (rules.targets.queue ? [{ id, queue: rules.targets.queue }] : []))
    const answers = await readQueues(asked.map(({ queue }) => queue))
    return new Map(asked.map(({ id }, index) => [id, answers[index]!]))
  }

  return async (read: EnvironmentSignals, policies: readonly ScalePolicy[]): Promise<Moments> => {
    const { place, at } = read
    const [open, plan, queues] = await Promise.all([operations.open(place), planOf(place), queuesOf(policies)])
    const services = new Map(read.services.map((each) => [each.service.id, each]))
    const gapMs = 3 * (signals.cadence(place)?.everyMs ?? 60_000) + 10_000

    function load(policy: ScalePolicy): LoadSample | undefined {
      const service = services.get(policy.service.id)
      const queue = queues.get(policy.id)
      return service && loadOf(service, at, { queue: queue && 'waiting' in queue ? queue.waiting : undefined, level: level(policy) })
    }

    function level({ place: of, service }: ScalePolicy): number | undefined {
      const reading = consciousness.now(of, { apart: service.id })
      return reading && at.getTime() - reading.at.getTime() <= freshMs ? reading.level : undefined
    }

    return {
      load,
      moment(policy) {
        const service = services.get(policy.service.id)
        const queue = queues.get(policy.id)
        return {
          load: load(policy) ?? nothing(at),
          set: service?.replicas.wanted ?? 0,
          bounds: createBounds(policy.rules)(at),
          unfit: unfit(service),
          unread: queue && 'unread' in queue ? queue.unread : undefined,
          busy: busy(open.find((each) => each.service === policy.service.name)),
          most: mostOf(service, plan),
          gapMs,
        }
      },
    }
  }
}

function loadOf(
  { replicas, cpu, memory, http }: ServiceSignals,
  at: Date,
  { queue, level }: Pick<LoadSample, 'queue' | 'level'>,
): LoadSample {
  return {
    ...{ at, replicas: replicas.running, queue, level },
    ...{ cpu: cpu?.used, cpuLimit: cpu?.limit, memory: memory?.used, memoryLimit: memory?.limit },
    ...{ requestsPerSecond: http?.requestsPerSecond, p95Ms: http?.p95Ms },
  }
}

function nothing(at: Date): LoadSample {
  return {
    ...{ at, replicas: 0, cpu: undefined, cpuLimit: undefined, memory: undefined, memoryLimit: undefined },
    ...{ requestsPerSecond: undefined, p95Ms: undefined, queue: undefined, level: undefined },
  }
}

function unfit(service: ServiceSignals | undefined): string | undefined {
  if (!service) return 'The service is not in this environment any more.'
  const { condition, replicas } = service
  if (condition === 'unknown') return 'It waits: nobody knows how the service is.'
  if (condition !== 'healthy' && condition !== 'degraded') return `It waits: the service is ${condition}.`
  return replicas.running < 1 ? 'It waits: nothing of the service runs.' : undefined
}

function busy(open: OpenOperation | undefined): string | undefined {
  if (!open) return undefined
  const { kind, by, status } = open
  if (status === 'unknown') return `nobody knows how ${by}’s operation (${kind}) ended, and until somebody says so nothing else may be done`
  return `an operation of ${by} (${kind}) is under way`
}

function mostOf(service: ServiceSignals | undefined, plan: string | undefined): ScaleMoment['most'] {
  if (service?.disk) return { replicas: 1, why: 'it has a volume, and Railway allows no replicas of a service with a volume' }
  const replicas = mostReplicasOf(plan)
  return replicas === undefined ? undefined : { replicas, why: `Railway’s ${plan} plan allows ${replicas} of a service` }
}
