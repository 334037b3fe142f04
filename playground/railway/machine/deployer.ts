import { randomUUID } from 'node:crypto'
import type { Log } from '#src/kernel/log.ts'
import { canCancel, isOver, isUnderWay } from '../world/deployment-facts.ts'
import type { Commit, Deployment, Person, ServiceInstance, Variable } from '../world/model.ts'
import { type RolloutGiven, retire, rollOut } from './rollout.ts'
import { setStatus } from './steps.ts'

export interface NewDeployment {
  readonly instance: ServiceInstance
  readonly creator: Person
  readonly commit: Commit | null
  readonly reason: Deployment['reason']
  readonly skipBuild: boolean
  /** Left out: the service's present ones. */
  readonly variables?: Readonly<Record<string, Variable>>
}

/** Starts, stops and follows deployments. Whether something may be asked is its callers' business. */
export interface Deployer {
  deploy(wanted: NewDeployment): Deployment
  cancel(deployment: Deployment): void
  /** Its processes end; it stays what it was, marked as stopped. */
  stop(deployment: Deployment): void
  remove(deployment: Deployment): void
  restart(deployment: Deployment): void
  /** To the deployment's present settings. */
  scale(deployment: Deployment): void
  /** After a start of the playground: what was under way begins anew, what served is started again. */
  resume(deployment: Deployment): void
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>
}

export function createDeployer(given: RolloutGiven & { readonly log: Log }): Deployer {
  const { world, fleets, log } = given
  const rollouts = new Map<string, AbortController>()
  const underWay = new Set<Promise<void>>()
  let closing = false

  /** Work that goes on after the answer: what goes wrong with it is ours to tell. */
  function begin(work: Promise<void>, what: string, deployment: Deployment): void {
    const done: Promise<void> = work
      .catch((error: unknown) => log.error({ error, what, deployment: deployment.id }, 'A deployment of the emulated Railway went wrong'))
      .finally(() => underWay.delete(done))
    underWay.add(done)
  }

  function follow(deployment: Deployment): void {
    const abort = new AbortController()
    rollouts.set(deployment.id, abort)
    const rollout = rollOut(given, deployment, abort.signal).finally(() => rollouts.delete(deployment.id))
    begin(rollout, 'roll out', deployment)
  }

  world.news.on('deployment', (deployment) => {
    if (closing || deployment.status !== 'SUCCESS') return
    if (fleets.of(deployment.id)?.over() === 'crashed') setStatus(world, deployment, 'CRASHED')
  })

  return {
    deploy(wanted) {
      const deployment = newDeployment(wanted, world.now(), world.environment(wanted.instance.environmentId)!.projectId)
      deployment.image = world.service(deployment.serviceId)!.image
      world.addDeployment(deployment)
      follow(deployment)
      return deployment
    },
    cancel(deployment) {
      if (!canCancel(deployment)) return
      rollouts.get(deployment.id)?.abort()
      setStatus(world, deployment, 'REMOVED')
    },
    stop(deployment) {
      deployment.stopped = true
      world.changed(deployment)
      begin(fleets.of(deployment.id)?.stop(deployment.settings.drainingSeconds ?? 0, 'STOPPED') ?? Promise.resolve(), 'stop', deployment)
    },
    remove(deployment) {
      rollouts.get(deployment.id)?.abort()
      begin(retire(given, deployment), 'remove', deployment)
    },
    restart(deployment) {
      deployment.stopped = false
      fleets.of(deployment.id)?.restart(deployment.settings.drainingSeconds ?? 0)
      setStatus(world, deployment, 'SUCCESS')
    },
    scale(deployment) {
      world.changed(deployment)
      const fleet = fleets.of(deployment.id)
      if (fleet) begin(fleet.scale(deployment.settings.regions, deployment.settings.drainingSeconds ?? 0), 'scale', deployment)
    },
    resume(deployment) {
      if (isUnderWay(deployment)) return follow(deployment)
      if (deployment.status === 'REMOVING') {
        deployment.removedAt ??= world.now()
        return setStatus(world, deployment, 'REMOVED')
      }
      if (isOver(deployment) || deployment.stopped) return
      setStatus(world, deployment, 'SUCCESS')
      begin(fleets.ensure(deployment).scale(deployment.settings.regions, 0), 'start', deployment)
    },
    async close() {
      closing = true
      for (const rollout of rollouts.values()) rollout.abort()
      await Promise.all([...fleets.all()].map(([, fleet]) => fleet.stop(2, 'STOPPED')))
      await Promise.all(underWay)
    },
  }
}

function newDeployment(wanted: NewDeployment, now: string, projectId: string): Deployment {
  const { instance, creator, commit, reason, skipBuild } = wanted
  return {
    id: randomUUID(),
    serviceId: instance.serviceId,
    environmentId: instance.environmentId,
    projectId,
    status: 'INITIALIZING',
    createdAt: now,
    statusUpdatedAt: now,
    stopped: false,
    creator,
    commit,
    image: null,
    reason,
    skipBuild,
    wentLive: false,
    removedAt: null,
    settings: structuredClone(instance.settings),
    variables: structuredClone({ ...(wanted.variables ?? instance.variables) }),
    events: [],
  }
}
