import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'
import { eventually, type Mounted } from './mounted.ts'

export interface SeenDeployment {
  readonly id: string
  readonly status: DeploymentStatus
  readonly deploymentStopped: boolean
  readonly canRollback: boolean
  readonly canRedeploy: boolean
  // biome-ignore lint/suspicious/noExplicitAny: untyped at Railway
  readonly meta: any
  readonly instances: readonly { readonly id: string; readonly status: string }[]
}

const seen = 'id status deploymentStopped canRollback canRedeploy meta instances { id status }'

/** What a client of the API asks again and again, for the mounted emulator's service `api`. */
export function asking(mounted: Mounted, environment = 'staging', serviceName = 'api') {
  const { environments } = mounted.railway.credentials()
  const environmentId = environments[environment]!.id
  const { id: serviceId } = service()

  // biome-ignore lint/suspicious/noExplicitAny: the state is for people and tests
  function service(): any {
    return (mounted.railway.state().services as { name: string }[]).find((one) => one.name === serviceName)
  }

  async function ok(query: string, variables: object = {}) {
    const { data, errors, status } = await mounted.ask(query, { serviceId, environmentId, ...variables })
    if (errors) throw new Error(`${status} ${errors.map(({ message }) => message).join('; ')}`)
    return data
  }

  const deployment = async (id: string): Promise<SeenDeployment> =>
    (await ok(`query ($id: String!) { deployment(id: $id) { ${seen} } }`, { id })).deployment

  /** Newest first. */
  async function history(): Promise<SeenDeployment[]> {
    const input = { serviceId, environmentId }
    const data = await ok(`query ($input: DeploymentListInput!) { deployments(input: $input) { edges { node { ${seen} } } } }`, { input })
    return data.deployments.edges.map(({ node }: { node: SeenDeployment }) => node)
  }

  return {
    history,
    latest: async (): Promise<SeenDeployment> => (await history())[0]!,
    /** What the service's process answers; on a connection of its own, as the process may be another one since the last. */
    visit: async (path = '/'): Promise<string> =>
      (await fetch(`${service().urls[environment]}${path}`, { headers: { connection: 'close' } })).text(),
    serviceId,
    environmentId,
    service,
    ok,
    deployment,
    url: (): string => service().urls[environment],
    commit: (behaviour: string): string => service().commits.find((one: { behaviour: string }) => one.behaviour === behaviour).sha,
    deploy: async (commitSha?: string): Promise<string> => {
      const query = `mutation ($serviceId: String!, $environmentId: String!, $commitSha: String) {
        serviceInstanceDeployV2(serviceId: $serviceId, environmentId: $environmentId, commitSha: $commitSha)
      }`
      return (await ok(query, { commitSha })).serviceInstanceDeployV2
    },
    /** `deploymentRestart` and the like: a mutation of one deployment that answers true. */
    act: (name: string, id: string) => ok(`mutation ($id: String!) { ${name}(id: $id) }`, { id }),
    until: (id: string, ...statuses: DeploymentStatus[]) =>
      eventually(
        () => deployment(id),
        ({ status }) => statuses.includes(status),
      ),
    untilRunning: (id: string, replicas = 1) =>
      eventually(
        () => deployment(id),
        ({ instances }) => instances.filter(({ status }) => status === 'RUNNING').length === replicas,
      ),
    /** Process ids of what serves, by the state. */
    pids: (): number[] =>
      service()
        .processes.filter((one: { environment: string }) => one.environment === environment)
        .map(({ pid }: { pid: number }) => pid),
    scale: (regions: object) =>
      ok(
        'mutation ($environmentId: String!, $patch: EnvironmentConfig) { environmentPatchCommit(environmentId: $environmentId, patch: $patch) }',
        {
          patch: { services: { [serviceId]: { deploy: { multiRegionConfig: regions } } } },
        },
      ),
    update: (input: object) =>
      ok(
        `mutation ($serviceId: String!, $environmentId: String!, $input: ServiceInstanceUpdateInput!) {
          serviceInstanceUpdate(serviceId: $serviceId, environmentId: $environmentId, input: $input)
        }`,
        { input },
      ),
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
