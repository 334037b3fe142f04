import type { DeploymentRef, EnvironmentRef } from '#src/kernel/directory.ts'

/** https://docs.railway.com/reference/deployments#deployment-states, as the schema's enum DeploymentStatus. */
export type DeploymentStatus =
  | 'BUILDING'
  | 'CRASHED'
  | 'DEPLOYING'
  | 'FAILED'
  | 'INITIALIZING'
  | 'NEEDS_APPROVAL'
  | 'QUEUED'
  | 'REMOVED'
  | 'REMOVING'
  | 'SKIPPED'
  | 'SLEEPING'
  | 'SUCCESS'
  | 'WAITING'

export interface InstanceState {
  readonly id: string
  /** Enum DeploymentInstanceStatus: RUNNING, CRASHED, RESTARTING … A crash loop shows here while the deployment still reads SUCCESS. */
  readonly status: string
}

export interface DeploymentState extends DeploymentRef {
  readonly status: DeploymentStatus
  readonly serviceId: string
  readonly environmentId: string
  /** SUCCESS with this set means completed: nothing of it runs any more. */
  readonly stopped: boolean
  readonly url: string | undefined
  readonly instances: readonly InstanceState[]
  /** Replicas by region that this deployment was made with, from `meta.serviceManifest.deploy.multiRegionConfig`. */
  readonly regions: Readonly<Record<string, number>>
}

export interface ServiceState {
  readonly id: string
  readonly name: string
  readonly source: { readonly repo: string | undefined; readonly image: string | undefined }
  /** Replicas that are configured, over all regions. */
  readonly replicas: number
  /** Empty where Railway names no region: then all replicas run in the project's default one. */
  readonly regions: Readonly<Record<string, number>>
  readonly hasVolume: boolean
  /** Of its volumes, in GB; undefined where it has none. */
  readonly disk: { readonly used: number; readonly size: number } | undefined
  readonly sleepApplication: boolean
  readonly cron: string | undefined
  readonly healthcheckPath: string | undefined
  readonly domains: readonly string[]
  /** What rolls out or was tried last. */
  readonly latest: DeploymentState | undefined
  /** What serves: the first active deployment that is SUCCESS, CRASHED or SLEEPING. */
  readonly serving: DeploymentState | undefined
  /** Newest sample of each, where Railway has one. vCPU, GB, GB since the sample before. */
  readonly usage: Readonly<Partial<Record<Measurement, number>>>
  /** Undefined where it has no domain, or was not asked about lately. */
  readonly http: HttpCounts | undefined
}

/** What Railway's edge counted of a service's domains in a window of so many seconds. */
export interface HttpCounts {
  /** The window's end. */
  readonly until: Date
  readonly seconds: number
  readonly requests: number
  /** Of them, those that were answered with 500 and above. */
  readonly errors: number
  /** Undefined where nothing was asked. */
  readonly p50Ms: number | undefined
  readonly p95Ms: number | undefined
}

export interface EnvironmentState extends EnvironmentRef {
  readonly projectId: string
  readonly readAt: Date
  readonly unmergedChanges: number
  readonly services: readonly ServiceState[]
}

export const measurements = ['CPU_USAGE', 'CPU_LIMIT', 'MEMORY_USAGE_GB', 'MEMORY_LIMIT_GB', 'NETWORK_RX_GB', 'NETWORK_TX_GB'] as const
export type Measurement = (typeof measurements)[number]

export interface Series {
  readonly measurement: Measurement
  readonly serviceId: string | undefined
  readonly points: readonly { readonly at: Date; readonly value: number }[]
}

export interface LogLine {
  readonly at: Date
  readonly severity: string
  readonly message: string
  readonly instanceId: string | undefined
}

/** A line of one of an environment's services. */
export interface ServiceLogLine extends LogLine {
  readonly serviceId: string
  /** With nanoseconds, as Railway writes it: with the text it tells lines apart. */
  readonly timestamp: string
}

/** In USD, by Railway's prices for what is used: without a plan's fee, what it includes, and taxes. */
export interface ProjectCost {
  /** Of the billing period so far, and what Railway expects at its end. */
  readonly current: number
  readonly estimate: number
  readonly lastDay: number
  /** The mean of up to seven days before the last; undefined of a project that is too young for it. */
  readonly usualDay: number | undefined
  /** Of the last day, the dearest first. */
  readonly byService: readonly { readonly serviceId: string; readonly cost: number }[]
}

/** A domain that leads to a service. */
export interface DomainState {
  readonly domain: string
  readonly service: EnvironmentRef
  /** Undefined of Railway's own domains: of their certificates it says nothing. */
  readonly certificate:
    | { readonly state: 'valid' | 'pending' | 'failed' | 'unknown'; readonly fault?: string; readonly endsAt?: Date }
    | undefined
}

export interface RateBudget {
  readonly limit: number
  readonly remaining: number
  readonly resetsAt: Date
}

/** A variable by its name; Helix never asks for its value. */
export interface VariableName {
  readonly name: string
  /** Undefined: a shared variable of the environment. */
  readonly serviceId: string | undefined
  readonly sealed: boolean
  /** What its value refers to: `owner` is a service's name, `shared`, or undefined for another variable of the same service. */
  readonly refersTo: readonly { readonly owner: string | undefined; readonly name: string }[]
}

/** What the token reaches. A project token reaches one environment of one project. */
export type Scope =
  | { readonly kind: 'project'; readonly project: EnvironmentRef; readonly environment: EnvironmentRef }
  | { readonly kind: 'workspace'; readonly workspaces: readonly EnvironmentRef[] }

export interface Target {
  readonly serviceId: string
  readonly environmentId: string
}

/**
 * Railway's public GraphQL API, as far as Helix uses it. Every method throws UpstreamError. Reads are retried within their time
 * limit; a mutation only after 429, which means that it did not run. One client for each token.
 */
export interface Railway {
  scope(): Promise<Scope>
  project(projectId: string): Promise<EnvironmentRef & { readonly environments: readonly EnvironmentRef[] }>
  /**
   * ONE request for up to 500 services with deployments, instances, volumes and newest usage; one more for each further 500. Wakes nothing.
   * `last`, the reading before, tells which services have domains: of 250 of them at a time the HTTP figures come in the same request. What of
   * the figures Railway cannot give is left out, at the cost of one more request now and then.
   */
  environment(projectId: string, environmentId: string, last?: EnvironmentState): Promise<EnvironmentState>
  /** Names of all variables of an environment, its services' and the shared ones: ONE request for up to 500. */
  variableNames(projectId: string, environmentId: string): Promise<readonly VariableName[]>
  /** The plan of the project's workspace (`FREE`, `HOBBY`, `PRO`); undefined with a project token, which may not ask. */
  plan(projectId: string): Promise<string | undefined>
  /** Newest first. */
  deployments(input: Target & { readonly projectId: string; readonly first?: number }): Promise<readonly DeploymentState[]>
  deployment(id: string): Promise<DeploymentState | undefined>
  /** The steps that failed, with their errors, as one line each: why a deployment went wrong. */
  failures(deploymentId: string): Promise<readonly string[]>
  /** `serviceInstanceDeployV2`: this commit, or without one the current commit again, with changed settings. Answers the new deployment's id. */
  deploy(input: Target & { readonly commit?: string }): Promise<string>
  /** `serviceInstanceDeploy(latestCommit: true)`: the newest commit or image push. Railway answers no id. */
  deployLatest(input: Target): Promise<void>
  /** `deploymentRedeploy(usePreviousImageTag: true)`: the same image again, without a build. Answers the new deployment's id. */
  redeploy(deploymentId: string): Promise<string>
  /** `deploymentRestart`: the same deployment, its processes anew. */
  restart(deploymentId: string): Promise<void>
  /** `deploymentRollback`: image and variables of that deployment, as a new deployment. Railway answers no id. */
  rollback(deploymentId: string): Promise<void>
  cancel(deploymentId: string): Promise<void>
  /** `environmentPatchCommit` of this service's `multiRegionConfig`; null takes a region away. No build. */
  setReplicas(input: Target & { readonly regions: Readonly<Record<string, number | null>>; readonly message: string }): Promise<void>
  metrics(input: {
    readonly projectId: string
    readonly environmentId: string
    readonly serviceId?: string
    readonly since: Date
    readonly measurements: readonly Measurement[]
    readonly sampleRateSeconds: number
  }): Promise<readonly Series[]>
  /**
   * What Railway's edge counted of a service's domains, oldest first, a point for each step of so many seconds in which something was asked: ONE
   * request.
   */
  httpHistory(
    input: Target & { readonly since: Date; readonly until: Date; readonly stepSeconds: number },
  ): Promise<readonly { readonly at: Date; readonly requestsPerSecond: number; readonly p95Ms: number | undefined }[]>
  /** The newest lines, oldest first. */
  logs(input: {
    readonly deploymentId: string
    readonly limit: number
    readonly filter?: string
    readonly kind?: 'deploy' | 'build'
    readonly since?: Date
    readonly until?: Date
  }): Promise<readonly LogLine[]>
  /** The newest lines of all services of an environment, without their builds, oldest first: ONE request. `filter` in Railway's own syntax. */
  environmentLogs(input: {
    readonly environmentId: string
    readonly limit: number
    readonly filter: string | undefined
    readonly since: Date
    readonly until: Date
  }): Promise<readonly ServiceLogLine[]>
  /** ONE request; undefined with a project token, which may not ask. */
  cost(projectId: string): Promise<ProjectCost | undefined>
  /** All domains of an environment: ONE request for up to 500 services. */
  domains(projectId: string, environmentId: string): Promise<readonly DomainState[]>
  /**
   * How the deployment stands, then each change, until the signal aborts: by subscription, by polling where that fails. Ends after the
   * state in which the rollout is over: SUCCESS, FAILED, CRASHED, REMOVED, SKIPPED or SLEEPING.
   */
  followDeployment(id: string, signal: AbortSignal): AsyncIterable<DeploymentState>
  /** Lines younger than `since` (default: now) in batches, each line once, over reconnects. Ends with the signal. */
  followLogs(input: {
    readonly deploymentId: string
    readonly filter?: string
    readonly since?: Date
    readonly signal: AbortSignal
  }): AsyncIterable<readonly LogLine[]>
  /** As the last answer's headers said; undefined before the first. */
  budget(): RateBudget | undefined
  close(): Promise<void>
}

/** The client with the token that was kept for this place. Throws UserError where the place has none. */
export type RailwayAccess = (place: { readonly guild: string; readonly project: string }) => Promise<Railway>
