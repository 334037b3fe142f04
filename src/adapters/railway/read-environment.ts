import type { ResultOf } from 'gql.tada'
import type { Clock } from '#src/kernel/clock.ts'
import { deploymentState } from './deployment-state.ts'
import { environmentQuery } from './documents/environment.ts'
import { type DeploymentState, type EnvironmentState, type Measurement, measurements, type ServiceState } from './railway.ts'
import type { Request } from './request.ts'

type Answer = ResultOf<typeof environmentQuery>
type Instance = Answer['environment']['serviceInstances']['edges'][number]['node']
type MetricsAnswer = NonNullable<Answer['metrics']>
type Usage = ReadonlyMap<string, Partial<Record<Measurement, number>>>

/** How far back the newest sample is looked for: Railway's samples are up to some minutes late. */
const usageWindowMs = 5 * 60_000

/** Railway's page is 500 services: one request for each. The newest usage comes with the first. */
export async function readEnvironment(request: Request, clock: Clock, projectId: string, environmentId: string): Promise<EnvironmentState> {
  const readAt = clock.now()
  const fixed = {
    projectId,
    environmentId,
    since: new Date(readAt.getTime() - usageWindowMs).toISOString(),
    sampleRateSeconds: 60,
    measurements: [...measurements],
  }
  const ask = (servicesAfter: string | null, volumesAfter: string | null) =>
    request(environmentQuery, { ...fixed, servicesAfter, volumesAfter, withUsage: servicesAfter === null && volumesAfter === null })
  const first = await ask(null, null)
  const pages = [first.environment]
  for (let page = first.environment; page.serviceInstances.pageInfo.hasNextPage || page.volumeInstances.pageInfo.hasNextPage; ) {
    const next = await ask(page.serviceInstances.pageInfo.endCursor ?? null, page.volumeInstances.pageInfo.endCursor ?? null)
    page = next.environment
    pages.push(page)
  }
  const volumes = new Set(pages.flatMap((page) => page.volumeInstances.edges.flatMap(({ node }) => (isGone(node) ? [] : [node.serviceId]))))
  const usage = newestUsage(first.metrics ?? [])
  const services = new Map<string, ServiceState>()
  for (const page of pages) {
    for (const { node } of page.serviceInstances.edges) services.set(node.serviceId, serviceState(node, volumes.has(node.serviceId), usage))
  }
  const { id, name, unmergedChangesCount } = first.environment
  return { id, name, projectId, readAt, unmergedChanges: unmergedChangesCount ?? 0, services: [...services.values()] }
}

function serviceState(node: Instance, hasVolume: boolean, usage: Usage): ServiceState {
  const latest = node.latestDeployment ? deploymentState(node.latestDeployment) : undefined
  const regions = configuredRegions(node, latest)
  const replicas = Object.values(regions).reduce((sum, count) => sum + count, 0)
  return {
    id: node.serviceId,
    name: node.serviceName,
    source: { repo: node.source?.repo ?? undefined, image: node.source?.image ?? undefined },
    replicas: Object.keys(regions).length > 0 ? replicas : (node.numReplicas ?? 1),
    regions,
    hasVolume,
    sleepApplication: node.sleepApplication ?? false,
    cron: node.cronSchedule ?? undefined,
    healthcheckPath: node.healthcheckPath ?? undefined,
    domains: [...node.domains.customDomains, ...node.domains.serviceDomains].map(({ domain }) => domain),
    latest,
    serving: node.activeDeployments.map(deploymentState).find(serves),
    usage: usage.get(node.serviceId) ?? {},
  }
}

function serves({ status }: DeploymentState): boolean {
  return status === 'SUCCESS' || status === 'CRASHED' || status === 'SLEEPING'
}

/** What the newest deployment was made with; the instance's own `numReplicas` is legacy and reads 1 on services in several regions. */
function configuredRegions(node: Instance, latest: DeploymentState | undefined): Readonly<Record<string, number>> {
  if (latest && Object.keys(latest.regions).length > 0) return latest.regions
  return node.region ? { [node.region]: node.numReplicas ?? 1 } : {}
}

function isGone(volume: { readonly state: string | null; readonly isPendingDeletion: boolean }): boolean {
  return volume.isPendingDeletion || volume.state === 'DELETED' || volume.state === 'DELETING'
}

function newestUsage(metrics: MetricsAnswer): Usage {
  const usage = new Map<string, Partial<Record<Measurement, number>>>()
  for (const { measurement, tags, values } of metrics) {
    const newest = values.at(-1)
    if (!tags.serviceId || !newest || !isMeasurement(measurement)) continue
    usage.set(tags.serviceId, { ...usage.get(tags.serviceId), [measurement]: newest.value })
  }
  return usage
}

/** True for the measurements that Helix shows. */
export function isMeasurement(name: string): name is Measurement {
  return (measurements as readonly string[]).includes(name)
}
