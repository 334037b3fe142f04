import { randomUUID } from 'node:crypto'
import type { DeploymentState, DeploymentStatus, EnvironmentState, LogLine, Railway, ServiceState } from '#src/adapters/railway/railway.ts'
import { UpstreamError, type UpstreamFault } from '#src/kernel/errors.ts'

export interface DoubleService {
  readonly id: string
  name: string
  repo: string | undefined
  image: string | undefined
  hasVolume: boolean
  cron: string | undefined
  regions: Record<string, number>
  /** Newest first. */
  deployments: DeploymentState[]
  servingId: string | undefined
  logs: LogLine[]
}

/** What becomes of the next new deployment of a service, from its second state on. */
export type Script = readonly DeploymentStatus[]

/** Railway's contract in memory, as far as changes go: deployments move by themselves, and every call can be held up or made to fail. */
export interface RailwayDouble extends Railway {
  readonly services: Map<string, DoubleService>
  /** Names of the methods that were called, in order. */
  readonly calls: string[]
  script: Script
  /** How many replicas of a new deployment run. */
  running: (wanted: number) => number
  stepMs: number
  /** A rollout that has come so far stays there until this resolves. */
  hold: { readonly at: DeploymentStatus; readonly until: Promise<void> } | undefined
  /** Of the workspace; undefined as with a project token. */
  billingPlan: string | undefined
  failureLines: readonly string[]
  /** Before a call does anything, and after it did, before it answers. */
  before: (method: string, service: string | undefined) => Promise<void>
  after: (method: string, service: string | undefined) => Promise<void>
  add(name: string, service?: Partial<DoubleService>): DoubleService
  /** As somebody would in the dashboard. */
  deployByHand(service: DoubleService, commit?: string): DeploymentState
  change(service: DoubleService, id: string, to: Partial<DeploymentState>): void
}

export const doublePlace = { guild: '1', project: 'project', environment: 'environment' }
export const environmentName = 'staging'

export function railwayDouble(): RailwayDouble {
  const services = new Map<string, DoubleService>()
  const waiting = new Set<() => void>()
  let lastCreated = Date.now()

  const owner = (deploymentId: string) => {
    const found = [...services.values()].find(({ deployments }) => deployments.some(({ id }) => id === deploymentId))
    if (!found) throw railwayFault('Railway refused: Deployment not found.', { outcome: 'refused' })
    return found
  }
  const find = (id: string) => [...services.values()].flatMap(({ deployments }) => deployments).find((each) => each.id === id)
  const total = (regions: Readonly<Record<string, number>>) => Object.values(regions).reduce((sum, each) => sum + each, 0)

  function create(service: DoubleService, from: Partial<DeploymentState>, script: Script): DeploymentState {
    lastCreated = Math.max(Date.now(), lastCreated + 1)
    const deployment: DeploymentState = {
      id: randomUUID(),
      serviceId: service.id,
      environmentId: doublePlace.environment,
      status: 'INITIALIZING',
      createdAt: new Date(lastCreated),
      commit: undefined,
      message: undefined,
      image: service.image,
      canRollback: false,
      canRedeploy: true,
      stopped: false,
      url: undefined,
      instances: [],
      regions: { ...service.regions },
      ...from,
    }
    service.deployments.unshift(deployment)
    advance(service, deployment.id, script)
    return deployment
  }

  function advance(service: DoubleService, id: string, [status, ...rest]: Script): void {
    if (status === undefined) return
    setTimeout(async () => {
      if (!service.deployments.some((each) => each.id === id)) return
      if (status === 'SUCCESS') goLive(service, id)
      else change(service, id, { status })
      if (double.hold?.at === status) await double.hold.until
      advance(service, id, rest)
    }, double.stepMs).unref()
  }

  function goLive(service: DoubleService, id: string): void {
    const before = service.servingId
    const instances = instancesOf(double.running(total(service.regions)))
    change(service, id, { status: 'SUCCESS', instances, canRollback: true })
    service.servingId = id
    if (before !== undefined) change(service, before, { status: 'REMOVED', instances: [] })
  }

  function change(service: DoubleService, id: string, to: Partial<DeploymentState>): void {
    service.deployments = service.deployments.map((each) => (each.id === id ? { ...each, ...to } : each))
    for (const wake of waiting) wake()
  }

  function state(service: DoubleService): ServiceState {
    return {
      id: service.id,
      name: service.name,
      source: { repo: service.repo, image: service.image },
      replicas: total(service.regions),
      regions: service.regions,
      hasVolume: service.hasVolume,
      disk: undefined,
      sleepApplication: false,
      cron: service.cron,
      healthcheckPath: '/health',
      domains: [],
      latest: service.deployments[0],
      serving: service.deployments.find(({ id }) => id === service.servingId),
      usage: {},
      http: undefined,
    }
  }

  async function call<Answer>(method: string, service: string | undefined, work: () => Answer): Promise<Answer> {
    double.calls.push(method)
    await double.before(method, service)
    const answer = work()
    await double.after(method, service)
    return answer
  }

  const ofService = (id: string) => services.get(id)!
  const double: RailwayDouble = {
    services,
    calls: [],
    script: ['BUILDING', 'DEPLOYING', 'SUCCESS'],
    running: (wanted) => wanted,
    stepMs: 20,
    hold: undefined,
    billingPlan: undefined,
    failureLines: ['Health check: it answered 503'],
    before: async () => {},
    after: async () => {},
    add(name, given = {}) {
      const service: DoubleService = {
        id: `id-${name}`,
        name,
        repo: 'acme/shop',
        image: undefined,
        hasVolume: false,
        cron: undefined,
        regions: { 'europe-west4-drams3a': 2 },
        deployments: [],
        servingId: undefined,
        logs: [],
        ...given,
      }
      services.set(service.id, service)
      for (const commit of ['1111111', '2222222']) {
        const { id } = create(service, { commit: commit.repeat(6).slice(0, 40), message: `Release ${commit[0]}` }, [])
        goLive(service, id)
      }
      return service
    },
    deployByHand: (service, commit = '9'.repeat(40)) => create(service, { commit }, double.script),
    change,
    scope: async () => ({
      kind: 'project',
      project: { id: 'project', name: 'shop' },
      environment: { id: 'environment', name: environmentName },
    }),
    project: async () => ({ id: 'project', name: 'shop', environments: [{ id: 'environment', name: environmentName }] }),
    plan: async () => double.billingPlan,
    variableNames: async () => [],
    environment: () =>
      call<EnvironmentState>('environment', undefined, () => ({
        id: doublePlace.environment,
        name: environmentName,
        projectId: doublePlace.project,
        readAt: new Date(),
        unmergedChanges: 0,
        services: [...services.values()].map(state),
      })),
    deployments: ({ serviceId, first = 20 }) => call('deployments', serviceId, () => ofService(serviceId).deployments.slice(0, first)),
    deployment: (id) => call('deployment', owner(id).id, () => find(id)),
    failures: (id) => call('failures', owner(id).id, () => (find(id)?.status === 'SUCCESS' ? [] : double.failureLines)),
    deploy: ({ serviceId, commit }) => call('deploy', serviceId, () => create(ofService(serviceId), { commit }, double.script).id),
    deployLatest: ({ serviceId }) =>
      call(
        'deployLatest',
        serviceId,
        () => void create(ofService(serviceId), { commit: '3'.repeat(40), message: 'Newest' }, double.script),
      ),
    redeploy: (id) =>
      call('redeploy', owner(id).id, () => {
        const { commit, message, image } = find(id)!
        return create(owner(id), { commit, message, image }, double.script).id
      }),
    restart: (id) =>
      call('restart', owner(id).id, () => change(owner(id), id, { instances: instancesOf(double.running(total(owner(id).regions))) })),
    rollback: (id) =>
      call('rollback', owner(id).id, () => {
        const { commit, message, image } = find(id)!
        create(owner(id), { commit, message, image }, double.script)
      }),
    cancel: async (id) => change(owner(id), id, { status: 'REMOVED' }),
    setReplicas: ({ serviceId, regions }) =>
      call('setReplicas', serviceId, () => {
        const service = ofService(serviceId)
        service.regions = Object.fromEntries(
          Object.entries({ ...service.regions, ...regions }).filter((each): each is [string, number] => each[1] !== null),
        )
        if (service.servingId !== undefined)
          change(service, service.servingId, { instances: instancesOf(double.running(total(service.regions))) })
      }),
    metrics: async () => [],
    httpHistory: async () => [],
    environmentLogs: async () => [],
    cost: async () => undefined,
    domains: async () => [],
    logs: ({ deploymentId, limit }) => call('logs', owner(deploymentId).id, () => owner(deploymentId).logs.slice(-limit)),
    async *followDeployment(id, signal) {
      let shown = ''
      while (!signal.aborted) {
        const now = await double.deployment(id)
        if (now && JSON.stringify(now) !== shown) {
          shown = JSON.stringify(now)
          yield now
        }
        if (now && ['SUCCESS', 'FAILED', 'CRASHED', 'REMOVED', 'SKIPPED', 'SLEEPING'].includes(now.status)) return
        await changed(signal)
      }
    },
    async *followLogs({ deploymentId, since, signal }) {
      let from = since ?? new Date()
      while (!signal.aborted) {
        const fresh = owner(deploymentId).logs.filter(({ at }) => at > from)
        from = fresh.at(-1)?.at ?? from
        if (fresh.length > 0) yield fresh
        await changed(signal)
      }
    },
    budget: () => undefined,
    close: async () => {},
  }

  /** Resolves soon after something changed, or when nobody waits any more. */
  function changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        waiting.delete(done)
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(done, 200)
      waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
  return double
}

export function railwayFault(message: string, fault: Partial<UpstreamFault> = {}): UpstreamError {
  return new UpstreamError(message, { provider: 'Railway', operation: 'deploy', retryable: false, outcome: 'ambiguous', ...fault })
}

function instancesOf(many: number) {
  return Array.from({ length: many }, () => ({ id: randomUUID(), status: 'RUNNING' }))
}
