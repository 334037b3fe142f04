import type { Account, Deployment, Environment, PlaygroundState, Process, Service } from './playground-state.ts'

interface Named {
  readonly id: string
  readonly name: string
}

/** `GET /playground/state` as the emulators write it: Railway's by service over all environments, each row naming its environment. */
export interface WireState {
  readonly guild: Named
  readonly application: Named
  readonly channels: PlaygroundState['channels']
  readonly roles?: readonly Named[]
  readonly commands?: readonly (Named & { readonly version: string })[]
  readonly accounts: readonly (Named & { readonly token?: string; readonly role?: string | null })[]
  readonly environments?: readonly Named[]
  readonly services?: readonly WireService[]
  readonly visitors?: PlaygroundState['visitors']
  readonly publishers?: PlaygroundState['publishers']
  readonly shapes?: PlaygroundState['shapes']
  /** Those of services, which name their service, and the launcher's own. */
  readonly processes?: readonly { readonly name?: string; readonly pid: number; readonly memoryBytes?: number }[]
}

interface WireService extends Named {
  readonly simulated?: boolean
  readonly environments?: readonly string[]
  readonly urls?: Readonly<Record<string, string>>
  readonly commits?: Service['commits']
  readonly deployments?: readonly (Pick<Deployment, 'id' | 'status' | 'createdAt' | 'commit' | 'message'> & {
    readonly environment: string
  })[]
  readonly processes?: readonly WireProcess[]
}

interface WireProcess extends Pick<Process, 'pid' | 'port' | 'status'> {
  readonly environment: string
  readonly cpu?: number
  readonly memoryBytes?: number
}

/** Brings the state into the order in which the page shows it: environments, and in each its services. */
export function readPlaygroundState(wire: unknown): PlaygroundState {
  const {
    guild,
    application,
    channels,
    roles = [],
    commands = [],
    accounts,
    environments = [],
    services = [],
    processes = [],
    visitors = [],
    publishers = [],
    shapes = [],
  } = wire as WireState
  return {
    guild,
    application,
    channels,
    roles,
    visitors,
    publishers,
    shapes,
    accounts: accounts.map(({ id, name, token = name, role = null }): Account => ({ id, name, token, role })),
    own: processes.flatMap(({ name, pid, memoryBytes }) => (name ? [{ name, pid, memoryMB: megabytes(memoryBytes) }] : [])),
    commands: commands.map(({ id, version }) => `${id}:${version}`).join(),
    environments: environments.map((environment) => ({
      ...environment,
      services: services
        .filter((service) => service.environments?.includes(environment.name))
        .map((service) => serviceIn(service, environment)),
    })),
  }
}

function serviceIn(
  { id, name, simulated = false, urls, commits = [], deployments = [], processes = [] }: WireService,
  { name: environment }: Pick<Environment, 'name'>,
): Service {
  return {
    id,
    name,
    simulated,
    url: urls?.[environment] ?? null,
    commits,
    deployments: deployments.filter((one) => one.environment === environment),
    processes: processes
      .filter((one) => one.environment === environment)
      .map(({ pid, port, status, cpu = null, memoryBytes }) => ({
        pid,
        port,
        status,
        cpu,
        memoryMB: megabytes(memoryBytes),
      })),
  }
}

function megabytes(bytes: number | undefined): number | null {
  return bytes === undefined ? null : bytes / 1_000_000
}
