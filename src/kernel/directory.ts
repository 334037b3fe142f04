import type { PolicyKind } from '#src/policies/policy.ts'
import type { Place } from './call.ts'

/** A Railway environment, by id and name. */
export interface EnvironmentRef {
  readonly id: string
  readonly name: string
}

/** A Railway service, by id and name. */
export interface ServiceRef {
  readonly id: string
  readonly name: string
}

/** A deployment as people choose it. */
export interface DeploymentRef {
  readonly id: string
  readonly status: string
  readonly createdAt: Date
  readonly commit: string | undefined
  readonly message: string | undefined
  /** Who wrote the commit, where Railway says so. */
  readonly author?: string | undefined
  readonly image: string | undefined
  readonly canRollback: boolean
  readonly canRedeploy: boolean
}

/** An agent of the orchestrator, by id and name. */
export interface AgentRef {
  readonly id: string
  readonly name: string
}

/** A rule of the Zapier service, by id and name. */
export interface RuleRef {
  readonly id: string
  readonly name: string
}

/** An incident that is not over, by the number that people call it. */
export interface IncidentRef {
  readonly number: number
  readonly title: string
}

/** A commit that was deployed somewhere in the project. */
export interface CommitRef {
  readonly sha: string
  readonly message: string | undefined
  /** Name of the environment it was seen in. */
  readonly environment: string
}

/**
 * What is there to be named. Answers come from a cache (autocomplete has one second and no second chance); with `fresh` they
 * are asked anew, which a reader does once before it says that a name does not exist.
 */
export interface Directory {
  environments(place: Place, freshness?: 'fresh'): Promise<readonly EnvironmentRef[]>
  /** The services that have an instance in the place's environment. */
  services(place: Place, freshness?: 'fresh'): Promise<readonly ServiceRef[]>
  /** Newest first. */
  deployments(place: Place, service: ServiceRef, freshness?: 'fresh'): Promise<readonly DeploymentRef[]>
  /** Newest first, over all environments of the project that the token reaches, each commit once. */
  commits(place: Place, service: ServiceRef): Promise<readonly CommitRef[]>
  /** Throws UserError where there is no orchestrator. */
  agents(freshness?: 'fresh'): Promise<readonly AgentRef[]>
  /** Those that are not over, newest first. */
  incidents(place: Place): Promise<readonly IncidentRef[]>
  /** Names of the project's alert rules. */
  alertRules(place: Place): Promise<readonly string[]>
  /** Names of the environment's policies of that kind. */
  policies(place: Place, kind: PolicyKind): Promise<readonly string[]>
  /** What Zapier's events start. Throws UserError where there is no Zapier service. */
  rules(freshness?: 'fresh'): Promise<readonly RuleRef[]>
}
