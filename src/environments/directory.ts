import type { RailwayAccess, Scope } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type {
  AgentRef,
  CommitRef,
  DeploymentRef,
  Directory,
  EnvironmentRef,
  IncidentRef,
  RuleRef,
  ServiceRef,
} from '#src/kernel/directory.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Environments } from './environments.ts'
import { createRevalidating } from './revalidating.ts'

const refreshAfterMs = 30_000
/** A token reaches what it reaches: that only changes when it is replaced. */
const scopeAgeMs = 10 * 60_000
const deploymentsShown = 50
/** Commits are looked for in so many environments: each costs a request. */
const environmentsSearched = 8

/** The names of what is there, from memory; asked anew in the background when older than 30 s. */
export function createDirectory(deps: {
  readonly access: RailwayAccess
  readonly environments: Environments
  /** Who registered with the orchestrator. */
  readonly agents: () => Promise<readonly AgentRef[]>
  /** What Zapier's events start. */
  readonly rules: () => Promise<readonly RuleRef[]>
  /** What is not over. */
  readonly incidents: (place: Place) => Promise<readonly IncidentRef[]>
  /** By name. */
  readonly alertRules: (place: Place) => Promise<readonly string[]>
  /** By name. */
  readonly policies: Directory['policies']
  readonly clock: Clock
  readonly log: Log
}): Directory {
  const { access, environments, agents, rules, incidents, alertRules, policies, clock, log } = deps
  const onFailure = (error: unknown) => log.warn({ err: error }, 'Names could not be refreshed')
  const cache = { clock, staleAfterMs: refreshAfterMs, capacity: 500, onFailure }
  const scopes = createRevalidating<Scope>({ ...cache, staleAfterMs: scopeAgeMs })
  const projects = createRevalidating<readonly EnvironmentRef[]>(cache)
  const agentNames = createRevalidating<readonly AgentRef[]>(cache)
  const ruleNames = createRevalidating<readonly RuleRef[]>(cache)
  const histories = createRevalidating<readonly DeploymentRef[]>(cache)

  const directory: Directory = {
    environments: (place, freshness) => projects.get(keyOf(place.guild, place.project), () => reachable(place), freshness),
    services: async (place, freshness) => {
      const reading = await environments.state(place, freshness === 'fresh' ? 0 : Number.POSITIVE_INFINITY)
      const age = clock.now().getTime() - reading.state.readAt.getTime()
      if (age > refreshAfterMs) environments.state(place, refreshAfterMs).catch(onFailure)
      return reading.state.services.map(named).sort(byName)
    },
    deployments: (place, service, freshness) => {
      const load = async () => {
        const railway = await access(place)
        const input = { projectId: place.project, environmentId: place.environment, serviceId: service.id, first: deploymentsShown }
        return railway.deployments(input)
      }
      return histories.get(keyOf(place.guild, place.environment, service.id), load, freshness)
    },
    commits: async (place, service) => {
      const searched = (await directory.environments(place)).slice(0, environmentsSearched)
      const found = await Promise.allSettled(searched.map((environment) => commitsIn(place, environment, service)))
      const failed = found.filter((result) => result.status === 'rejected')
      for (const { reason } of failed) onFailure(reason)
      if (failed.length === found.length && failed[0]) throw failed[0].reason
      return eachOnce(found.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])))
    },
    agents: (freshness) => agentNames.get('', agents, freshness),
    incidents,
    alertRules,
    policies,
    rules: (freshness) => ruleNames.get('', rules, freshness),
  }
  return directory

  /** A project token reaches one environment, and may not be allowed to list the others. */
  async function reachable(place: Place): Promise<readonly EnvironmentRef[]> {
    const railway = await access(place)
    const scope = await scopes.get(keyOf(place.guild, place.project), () => railway.scope())
    if (scope.kind === 'project') return [scope.environment]
    return [...(await railway.project(place.project)).environments].sort(byName)
  }

  async function commitsIn(place: Place, environment: EnvironmentRef, service: ServiceRef): Promise<readonly DatedCommit[]> {
    const history = await directory.deployments({ ...place, environment: environment.id }, service)
    return history.flatMap(({ commit, message, createdAt }) =>
      commit ? [{ sha: commit, message, environment: environment.name, createdAt }] : [],
    )
  }
}

type DatedCommit = CommitRef & { readonly createdAt: Date }

function eachOnce(commits: readonly DatedCommit[]): readonly CommitRef[] {
  const newestFirst = [...commits].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  const once = new Map<string, CommitRef>()
  for (const { sha, message, environment } of newestFirst) if (!once.has(sha)) once.set(sha, { sha, message, environment })
  return [...once.values()]
}

function named({ id, name }: ServiceRef): ServiceRef {
  return { id, name }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name)
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts)
}
