import type { ResultOf } from 'gql.tada'
import type { Clock } from '#src/kernel/clock.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import { deploymentState } from './deployment-state.ts'
import { environmentQuery } from './documents/environment.ts'
import { createHttpFigures, httpDefaults } from './http-figures.ts'
import { type DeploymentState, type HttpCounts, type Measurement, measurements, type Railway, type ServiceState } from './railway.ts'
import type { Request } from './request.ts'

type Answer = ResultOf<typeof environmentQuery>
type Instance = Answer['environment']['serviceInstances']['edges'][number]['node']
type MetricsAnswer = NonNullable<Answer['metrics']>
type Usage = ReadonlyMap<string, Partial<Record<Measurement, number>>>

/** How far back the newest sample is looked for: Railway's samples are up to some minutes late. */
const usageWindowMs = 5 * 60_000

export interface ReadEnvironmentDeps {
  readonly request: Request
  readonly clock: Clock
  readonly log: Log
}

/** See Railway.environment. Railway's page is 500 services: one request for each. The newest usage and the HTTP figures come with the first. */
export function createReadEnvironment({ request, clock, log }: ReadEnvironmentDeps): Railway['environment'] {
  const http = createHttpFigures({ clock, log })

  return async (projectId, environmentId, last) => {
    const readAt = clock.now()
    const fixed = {
      projectId,
      environmentId,
      since: new Date(readAt.getTime() - usageWindowMs).toISOString(),
      sampleRateSeconds: 60,
      measurements: [...measurements],
    }

    /** All at once, or, where Railway fails at figures that nobody's health depends on, what is left without them. */
    async function firstPage(asked: readonly string[], withUsage: boolean): Promise<FirstPage> {
      const variables = { ...fixed, ...http.variables(asked, readAt), servicesAfter: null, volumesAfter: null, withUsage }
      try {
        return { asked, answer: await request(http.document(asked), variables) }
      } catch (error) {
        const less = http.without(asked, error, environmentId)
        const usage = withUsage && !isBeside(error, 'metrics')
        if (less === undefined && usage === withUsage) throw error
        return firstPage(less ?? asked, usage)
      }
    }

    const { asked, answer } = await firstPage(http.turn(last), true)
    if (asked.length > 0) http.worked(environmentId)
    const pages = [answer.environment]
    for (let page = answer.environment; page.serviceInstances.pageInfo.hasNextPage || page.volumeInstances.pageInfo.hasNextPage; ) {
      const [servicesAfter, volumesAfter] = [page.serviceInstances.pageInfo.endCursor, page.volumeInstances.pageInfo.endCursor]
      const after = { servicesAfter: servicesAfter ?? null, volumesAfter: volumesAfter ?? null, withUsage: false }
      page = (await request(environmentQuery, { ...fixed, ...after })).environment
      pages.push(page)
    }
    const beside = { disks: disksOf(pages), usage: newestUsage(answer.metrics ?? []), http: http.read(asked, answer, readAt), readAt }
    const nodes = pages.flatMap((page) => page.serviceInstances.edges.map(({ node }) => node))
    const before = new Map(last?.services.map((service) => [service.id, service]))
    const services = new Map(nodes.map((node) => [node.serviceId, serviceState(node, before.get(node.serviceId), beside)]))
    const { id, name, unmergedChangesCount } = answer.environment
    return { id, name, projectId, readAt, unmergedChanges: unmergedChangesCount ?? 0, services: [...services.values()] }
  }
}

interface FirstPage {
  /** The services whose HTTP figures are in the answer. */
  readonly asked: readonly string[]
  readonly answer: Answer & Readonly<Record<string, unknown>>
}

function isBeside(error: unknown, part: string): boolean {
  return error instanceof UpstreamError && (error.fault.beside?.includes(part) ?? false)
}

/** What an answer says of services elsewhere than in their own entries. */
interface Beside {
  readonly disks: ReadonlyMap<string, NonNullable<ServiceState['disk']>>
  readonly usage: Usage
  readonly http: ReadonlyMap<string, HttpCounts>
  readonly readAt: Date
}

function serviceState(node: Instance, before: ServiceState | undefined, { disks, usage, http, readAt }: Beside): ServiceState {
  const latest = node.latestDeployment ? deploymentState(node.latestDeployment) : undefined
  const regions = configuredRegions(node, latest)
  const replicas = Object.values(regions).reduce((sum, count) => sum + count, 0)
  const disk = disks.get(node.serviceId)
  const domains = [...node.domains.customDomains, ...node.domains.serviceDomains].map(({ domain }) => domain)
  return {
    id: node.serviceId,
    name: node.serviceName,
    source: { repo: node.source?.repo ?? undefined, image: node.source?.image ?? undefined },
    replicas: Object.keys(regions).length > 0 ? replicas : (node.numReplicas ?? 1),
    regions,
    hasVolume: disk !== undefined,
    disk,
    sleepApplication: node.sleepApplication ?? false,
    cron: node.cronSchedule ?? undefined,
    healthcheckPath: node.healthcheckPath ?? undefined,
    domains,
    latest,
    serving: node.activeDeployments.map(deploymentState).find(serves),
    usage: usage.get(node.serviceId) ?? {},
    http: domains.length > 0 ? (http.get(node.serviceId) ?? youngEnough(before?.http, readAt)) : undefined,
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

/** Of a service that had no turn this time. */
function youngEnough(counts: HttpCounts | undefined, now: Date): HttpCounts | undefined {
  return counts && now.getTime() - counts.until.getTime() <= httpDefaults.keptMs ? counts : undefined
}

/** In GB, by service. */
function disksOf(pages: readonly Answer['environment'][]): Beside['disks'] {
  const disks = new Map<string, NonNullable<ServiceState['disk']>>()
  for (const { node } of pages.flatMap((page) => page.volumeInstances.edges)) {
    if (node.serviceId === null || isGone(node)) continue
    const { used, size } = disks.get(node.serviceId) ?? { used: 0, size: 0 }
    disks.set(node.serviceId, { used: used + node.currentSizeMB / 1_000, size: size + node.sizeMB / 1_000 })
  }
  return disks
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
