import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { executableSchema } from '#playground/railway/api/executable-schema.ts'
import { asking } from './asking.ts'
import { type Mounted, mount } from './mounted.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const contracts = process.env.HELIX_CONTRACTS

let mounted: Mounted
beforeAll(async () => {
  mounted = await mount()
  await mounted.railway.whenHealthy('staging')
})
afterAll(() => mounted.close())

test.skipIf(!contracts)('the schema is a subset of the real one (left out where HELIX_CONTRACTS names no folder)', () => {
  const folder = contracts!
  const given = [
    join(folder, 'railway-check.mjs'),
    join(folder, 'railway.introspection.json'),
    '--subset',
    'playground/railway/schema.graphql',
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { cwd: root, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/ [1-9]\d* valid, 0 invalid/)
  expect(status).toBe(0)
})

test('a resolver for a field that the schema does not have stops the start', () => {
  expect(() => executableSchema([{ Query: { docker: () => 1 } }], [])).toThrow('schema.graphql has no Query.docker')
})

test('everything that can be read of an environment has an answer, in one request', async () => {
  const api = asking(mounted)
  const deployment = `id status createdAt updatedAt statusUpdatedAt deploymentStopped canRedeploy canRollback environmentId projectId serviceId meta
    staticUrl url creator { id name email avatar } instances { id status }`
  const settings = `builder buildCommand startCommand preDeployCommand rootDirectory dockerfilePath railwayConfigFile watchPatterns healthcheckPath
    healthcheckTimeout restartPolicyType restartPolicyMaxRetries overlapSeconds drainingSeconds cronSchedule nextCronRunAt sleepApplication region numReplicas`
  const data = await api.ok(
    `query ($projectId: String!, $environmentId: String!, $serviceId: String!, $since: DateTime!) {
      project(id: $projectId) {
        id name description createdAt updatedAt deletedAt workspaceId primaryEnvironmentId
        services { edges { cursor node { id name icon projectId createdAt updatedAt deletedAt templateId } } }
      }
      environments(projectId: $projectId) { edges { node { id name } } }
      environment(id: $environmentId, projectId: $projectId) {
        id name projectId isEphemeral canAccess createdAt updatedAt deletedAt unmergedChangesCount config
        serviceInstances(first: 500) {
          edges { cursor node {
            id serviceId serviceName environmentId createdAt updatedAt deletedAt isUpdatable ${settings} source { repo image }
            domains { serviceDomains { id domain targetPort syncStatus } customDomains { id domain status { verified } } }
            latestDeployment { ${deployment} } activeDeployments { ${deployment} }
          } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
        volumeInstances { edges { node { id volume { id name projectId createdAt } } } }
        variables { edges { node { id name serviceId environmentId isSealed references createdAt updatedAt } } }
        deployments(first: 2) { edges { node { id } } pageInfo { hasNextPage } }
      }
      serviceInstance(serviceId: $serviceId, environmentId: $environmentId) { id }
      domains(projectId: $projectId, environmentId: $environmentId, serviceId: $serviceId) { serviceDomains { domain } }
      metrics(projectId: $projectId, environmentId: $environmentId, startDate: $since, measurements: [CPU_USAGE, DISK_USAGE_GB]) { measurement values { ts value } }
      environmentLogs(environmentId: $environmentId, filter: "@level:error") { timestamp severity message tags { serviceId } attributes { key value } }
      platformStatus { isStable incident { message url } maintenance { message start } }
      regions { id name country location region workspaceId deploymentConstraints { deprecationInfo { isDeprecated } } }
    }`,
    { projectId: mounted.railway.credentials().projectId, since: new Date(0).toISOString() },
  )
  const [instance] = data.environment.serviceInstances.edges
  expect(instance.node).toMatchObject({ serviceName: 'api', restartPolicyType: 'ON_FAILURE', builder: 'RAILPACK', numReplicas: 1 })
  expect(instance.node.activeDeployments).toEqual([instance.node.latestDeployment])
  expect(data.environment.config.services[api.serviceId].deploy.multiRegionConfig).toEqual({ 'europe-west4-drams3a': { numReplicas: 1 } })
  expect(JSON.stringify(data)).not.toContain('hush')
  expect(data.environment.deployments.pageInfo.hasNextPage).toBe(true)
  expect(mounted.errors).toEqual([])
})
