import { deploymentState } from './deployment-state.ts'
import { deploymentsQuery } from './documents/deployments.ts'
import { buildLogsQuery, deployLogsQuery, environmentLogsQuery } from './documents/logs.ts'
import { metricsQuery } from './documents/metrics.ts'
import { apiTokenQuery, projectQuery, projectTokenQuery, projectWorkspaceQuery, workspacePlanQuery } from './documents/scope.ts'
import { readFailures } from './failures.ts'
import { readDeployment } from './follow-deployment.ts'
import { logLine } from './log-lines.ts'
import type { RailwayOptions } from './options.ts'
import type { Railway } from './railway.ts'
import { readCost } from './read-cost.ts'
import { readDomains } from './read-domains.ts'
import { createReadEnvironment, isMeasurement } from './read-environment.ts'
import { createReadHttpHistory } from './read-http-history.ts'
import type { Request } from './request.ts'
import { readVariableNames } from './variable-names.ts'

type Reads = Pick<
  Railway,
  | ('scope' | 'project' | 'plan' | 'environment' | 'variableNames' | 'deployments' | 'deployment' | 'failures' | 'metrics' | 'logs')
  | ('environmentLogs' | 'cost' | 'domains' | 'httpHistory')
>

/** The queries. See Railway. */
export function createReads(request: Request, { clock, token, log }: RailwayOptions): Reads {
  const readEnvironment = createReadEnvironment({ request, clock, log })
  return {
    scope: async () => {
      if (token.kind === 'project') return { kind: 'project', ...(await request(projectTokenQuery, {})).projectToken }
      return { kind: 'workspace', ...(await request(apiTokenQuery, {})).apiToken }
    },
    project: async (id) => {
      const { project } = await request(projectQuery, { id })
      const reachable = project.environments.edges.filter(({ node }) => node.canAccess)
      return { id: project.id, name: project.name, environments: reachable.map(({ node }) => ({ id: node.id, name: node.name })) }
    },
    plan: async (id) => {
      if (token.kind === 'project') return undefined
      const { workspaceId } = (await request(projectWorkspaceQuery, { id })).project
      return workspaceId ? (await request(workspacePlanQuery, { id: workspaceId })).workspace.plan : undefined
    },
    variableNames: (projectId, environmentId) => readVariableNames(request, projectId, environmentId),
    environment: readEnvironment,
    deployments: async ({ projectId, environmentId, serviceId, first = 20 }) => {
      const { deployments } = await request(deploymentsQuery, { input: { projectId, environmentId, serviceId }, first })
      return deployments.edges.map(({ node }) => deploymentState(node)).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    },
    deployment: (id) => readDeployment(request, id),
    failures: (id) => readFailures(request, id),
    metrics: async ({ projectId, environmentId, serviceId, since, measurements, sampleRateSeconds }) => {
      const { metrics } = await request(metricsQuery, {
        projectId,
        environmentId,
        serviceId: serviceId ?? null,
        startDate: since.toISOString(),
        sampleRateSeconds,
        measurements: [...measurements],
      })
      return metrics.flatMap(({ measurement, tags, values }) => {
        if (!isMeasurement(measurement)) return []
        const points = values.map(({ ts, value }) => ({ at: new Date(ts * 1000), value }))
        return [{ measurement, serviceId: tags.serviceId ?? serviceId, points }]
      })
    },
    logs: async ({ deploymentId, limit, filter, kind = 'deploy', since, until }) => {
      const window = { startDate: since?.toISOString() ?? null, endDate: until?.toISOString() ?? null }
      const variables = { deploymentId, limit, filter: filter ?? null, ...window }
      const lines =
        kind === 'build' ? (await request(buildLogsQuery, variables)).buildLogs : (await request(deployLogsQuery, variables)).deploymentLogs
      // Railway answers one line more than it was asked for.
      return lines.slice(-limit).map(logLine)
    },
    environmentLogs: async ({ environmentId, limit, filter, since, until }) => {
      const window = { beforeDate: since.toISOString(), anchorDate: until.toISOString(), beforeLimit: limit }
      const { environmentLogs } = await request(environmentLogsQuery, { environmentId, filter: filter ?? null, ...window })
      return environmentLogs.slice(-limit).flatMap((fields) => {
        const { serviceId } = fields.tags ?? {}
        return serviceId ? [{ ...logLine(fields), serviceId, timestamp: fields.timestamp }] : []
      })
    },
    cost: async (projectId) => (token.kind === 'project' ? undefined : readCost(request, clock, projectId)),
    httpHistory: createReadHttpHistory(request),
    domains: (projectId, environmentId) => readDomains(request, projectId, environmentId),
  }
}
