import { EventEmitter } from 'node:events'
import type { Clock } from '#src/kernel/clock.ts'
import type { Deployment, DeploymentEvent, Environment, Project, Service, ServiceInstance, Tables } from './model.ts'

interface WorldEvents {
  /** Anything that a snapshot holds. */
  change: []
  deployment: [deployment: Deployment]
  step: [deployment: Deployment, event: DeploymentEvent]
}

/** The rows, found quickly, and news of their changes. Rows are changed in place; who does so says `changed`. */
export interface World {
  readonly tables: Tables
  readonly news: EventEmitter<WorldEvents>
  now(): string
  project(id: string): Project | undefined
  environment(id: string): Environment | undefined
  service(id: string): Service | undefined
  instance(serviceId: string, environmentId: string): ServiceInstance | undefined
  instancesIn(environmentId: string): readonly ServiceInstance[]
  deployment(id: string): Deployment | undefined
  /** Newest first. */
  deploymentsOf(serviceId: string, environmentId: string): readonly Deployment[]
  /** What serves: the newest that went live and was not replaced. */
  live(serviceId: string, environmentId: string): Deployment | undefined
  addService(service: Service): void
  addInstance(instance: ServiceInstance): void
  addDeployment(deployment: Deployment): void
  changed(deployment?: Deployment): void
  stepped(deployment: Deployment, event: DeploymentEvent): void
}

export function createWorld(tables: Tables, clock: Clock): World {
  const news = new EventEmitter<WorldEvents>().setMaxListeners(0)
  const projects = index(tables.projects)
  const environments = index(tables.environments)
  const services = index(tables.services)
  const deployments = index(tables.deployments)
  const instances = new Map(tables.instances.map((one) => [spot(one.serviceId, one.environmentId), one]))
  const histories = Map.groupBy(tables.deployments, (one) => spot(one.serviceId, one.environmentId))

  const world: World = {
    tables,
    news,
    now: () => clock.now().toISOString(),
    project: (id) => projects.get(id),
    environment: (id) => environments.get(id),
    service: (id) => services.get(id),
    instance: (serviceId, environmentId) => instances.get(spot(serviceId, environmentId)),
    instancesIn: (environmentId) => tables.instances.filter((one) => one.environmentId === environmentId),
    deployment: (id) => deployments.get(id),
    deploymentsOf: (serviceId, environmentId) => histories.get(spot(serviceId, environmentId)) ?? [],
    live: (serviceId, environmentId) => world.deploymentsOf(serviceId, environmentId).find((one) => serving.has(one.status)),
    addService(service) {
      tables.services.push(service)
      services.set(service.id, service)
      world.changed()
    },
    addInstance(instance) {
      tables.instances.push(instance)
      instances.set(spot(instance.serviceId, instance.environmentId), instance)
      world.changed()
    },
    addDeployment(deployment) {
      const at = spot(deployment.serviceId, deployment.environmentId)
      tables.deployments.unshift(deployment)
      deployments.set(deployment.id, deployment)
      histories.set(at, [deployment, ...(histories.get(at) ?? [])])
      world.changed(deployment)
    },
    changed(deployment) {
      if (deployment) news.emit('deployment', deployment)
      news.emit('change')
    },
    stepped(deployment, event) {
      news.emit('step', deployment, event)
      news.emit('change')
    },
  }
  return world
}

const serving: ReadonlySet<string> = new Set(['SUCCESS', 'CRASHED', 'SLEEPING'])

function index<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}

function spot(serviceId: string, environmentId: string): string {
  return `${serviceId} ${environmentId}`
}
