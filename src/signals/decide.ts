import type { DeploymentState, HttpCounts, ServiceState } from '#src/adapters/railway/railway.ts'
import type { Condition, ServiceHealth } from '#src/health/health.ts'
import { countReplicas, wantedReplicas } from '#src/health/replicas.ts'
import type { Place } from '#src/kernel/call.ts'
import type { DeploymentRef, EnvironmentRef } from '#src/kernel/directory.ts'
import type { OpenOperation } from '#src/operations/operations.ts'
import { isIll, type Observed, observe } from './observe.ts'
import type { Pace } from './pace.ts'
import type { EnvironmentSignals, HttpSignals, ServiceSignals, Turned, Usage } from './signals.ts'
import { afterGap, type Memory, smooth } from './smooth.ts'

/** What is known of an environment's services from one cycle to the next, by their ids. */
export interface Remembered {
  readonly at: number
  readonly services: ReadonlyMap<string, Memory>
}

/** Everything that one look at an environment found. */
export interface Found {
  readonly place: Place
  readonly environment: EnvironmentRef
  /** Each as its reading alone says. */
  readonly services: readonly Pick<ServiceHealth, 'service' | 'condition' | 'reason'>[]
  /** Changes of ours that are not over. */
  readonly open: readonly Pick<OpenOperation, 'kind' | 'service' | 'status' | 'since'>[]
  readonly at: Date
}

export interface Decided {
  readonly signals: EnvironmentSignals
  readonly remembered: Remembered
  readonly turned: readonly Turned[]
  /** Something is turning: when to look again out of turn, in ms. */
  readonly lookInMs: number | undefined
}

const gone: Observed = {
  condition: 'stopped',
  reason: 'It is no longer in this environment.',
  serves: false,
  restarting: false,
  forGood: false,
  waits: false,
}

/** What a look means, with what was known before. Pure, so that one of two replicas that decides anew decides the same. */
export function decide(found: Found, before: Remembered | undefined, pace: Pace): Decided {
  const { place, environment, at } = found
  const now = at.getTime()
  const changes = new Map(found.open.filter(({ status }) => status === 'running').map((change) => [change.service, change]))
  const rested = before !== undefined && now - before.at > pace.gapMs
  const known = (id: string) => {
    const one = before?.services.get(id)
    return one && rested ? afterGap(one) : one
  }
  const services = new Map<string, Memory>()
  const turned: Turned[] = []
  const looks: number[] = []

  function step(service: Pick<ServiceState, 'id' | 'name' | 'serving' | 'latest'>, seen: Observed): Memory {
    const { id, name } = service
    const { memory, turned: turn, lookInMs } = smooth(known(id), name, seen, now, pace)
    const { condition: to, reason } = memory
    if (lookInMs !== undefined) looks.push(lookInMs)
    if (turn) {
      const { from, since } = turn
      const deployments = { serving: refOf(service.serving), latest: refOf(service.latest) }
      turned.push({ place, environment: environment.name, service: { id, name }, from, to, reason, since: new Date(since), ...deployments })
    }
    return memory
  }

  const signals = found.services.map(({ service, condition, reason }) => {
    const seen = observe({ service, condition, reason }, changes.get(service.name), at, pace.underWayMs)
    const memory = step(service, seen)
    services.set(service.id, memory)
    return signalsOf(service, memory, seen.condition)
  })
  for (const [id, { name }] of before?.services ?? []) {
    if (services.has(id)) continue
    const memory = step({ id, name, serving: undefined, latest: undefined }, gone)
    if (memory.condition !== 'stopped') services.set(id, memory)
  }
  return {
    signals: { place, environment: environment.name, at, stale: false, services: signals },
    remembered: { at: now, services },
    turned,
    lookInMs: looks.length > 0 ? Math.min(...looks) : undefined,
  }
}

function signalsOf(service: ServiceState, { condition, reason, since, ill, flappingSince }: Memory, seen: Condition): ServiceSignals {
  const { id, name, serving, latest, usage, disk, http } = service
  const running = serving ? countReplicas(serving).running : 0
  return {
    service: { id, name },
    condition,
    reason,
    ...(isIll(condition) && !ill && { easing: true as const }),
    ...(flappingSince !== undefined && { flapping: seen }),
    since: new Date(since),
    replicas: { running, wanted: serving ? wantedReplicas(serving, service) : service.replicas },
    serving: refOf(serving),
    latest: refOf(latest),
    cpu: usageOf(usage.CPU_USAGE, usage.CPU_LIMIT),
    memory: usageOf(usage.MEMORY_USAGE_GB, usage.MEMORY_LIMIT_GB),
    disk: usageOf(disk?.used, disk?.size),
    http: http && httpOf(http),
  }
}

function usageOf(used: number | undefined, limit: number | undefined): Usage | undefined {
  return used === undefined ? undefined : { used, limit: limit !== undefined && limit > 0 ? limit : undefined }
}

function httpOf({ requests, errors, seconds, p50Ms, p95Ms }: HttpCounts): HttpSignals {
  return { requestsPerSecond: requests / seconds, errorRate: requests > 0 ? errors / requests : 0, p50Ms, p95Ms }
}

function refOf(state: DeploymentState | undefined): DeploymentRef | undefined {
  if (!state) return undefined
  const { id, status, createdAt, commit, message, image, canRollback, canRedeploy } = state
  return { id, status, createdAt, commit, message, image, canRollback, canRedeploy }
}
