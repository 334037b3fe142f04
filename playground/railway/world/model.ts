import type { BehaviourName } from '#playground/railway/behaviours.ts'
import type { DeploymentStatus } from '#src/adapters/railway/railway.ts'

/** What the emulated Railway keeps, as plain JSON: a snapshot is exactly this. Times are RFC 3339 strings. */
export interface Tables {
  workspace: { id: string; name: string; plan: 'FREE' | 'HOBBY' | 'PRO' }
  projects: Project[]
  environments: Environment[]
  services: Service[]
  instances: ServiceInstance[]
  deployments: Deployment[]
  tokens: Token[]
}

export interface Project {
  id: string
  name: string
  createdAt: string
}

export interface Environment {
  id: string
  name: string
  projectId: string
  createdAt: string
  /** Shared variables, as written. */
  shared: Record<string, Variable>
}

export interface Variable {
  value: string
  sealed: boolean
}

export interface Service {
  id: string
  name: string
  projectId: string
  createdAt: string
  repo: string | null
  image: string | null
  /** Newest first. */
  commits: Commit[]
  /** No processes: replicas are only said to run. */
  simulated: boolean
}

export interface Commit {
  sha: string
  message: string
  author: string
  behaviour: BehaviourName
}

/** A service in an environment. */
export interface ServiceInstance {
  id: string
  serviceId: string
  environmentId: string
  createdAt: string
  settings: Settings
  /** As written, with references. */
  variables: Record<string, Variable>
  volume: Volume | null
  /** Loopback port of the public domain, kept over restarts where it is still free. */
  port: number | null
  /** Domains of people's own; an older snapshot has none. */
  customDomains?: CustomDomain[]
}

export interface CustomDomain {
  id: string
  domain: string
  certificate: 'valid' | 'issuing' | 'validating' | 'failed'
  /** Of the certificate that it has, or had. */
  expiresAt: string
}

export interface Volume {
  id: string
  name: string
  mountPath: string
  sizeMB: number
  currentSizeMB: number
}

export interface Settings {
  /** Replicas by region. */
  regions: Record<string, number>
  healthcheckPath: string | null
  /** Seconds. */
  healthcheckTimeout: number | null
  restartPolicyType: 'ALWAYS' | 'NEVER' | 'ON_FAILURE'
  restartPolicyMaxRetries: number
  overlapSeconds: number | null
  drainingSeconds: number | null
  buildCommand: string | null
  startCommand: string | null
  preDeployCommand: string[] | null
  rootDirectory: string | null
  dockerfilePath: string | null
  railwayConfigFile: string | null
  cronSchedule: string | null
  sleepApplication: boolean | null
  builder: 'HEROKU' | 'NIXPACKS' | 'PAKETO' | 'RAILPACK'
  watchPatterns: string[]
}

export interface Deployment {
  id: string
  serviceId: string
  environmentId: string
  projectId: string
  status: DeploymentStatus
  createdAt: string
  statusUpdatedAt: string
  stopped: boolean
  creator: Person
  commit: Commit | null
  image: string | null
  reason: 'deploy' | 'redeploy' | 'rollback'
  /** The image is there already. */
  skipBuild: boolean
  /** It was SUCCESS once: only then is there an image to roll back to. */
  wentLive: boolean
  removedAt: string | null
  settings: Settings
  /** The service's own variables at that time, as written. */
  variables: Record<string, Variable>
  events: DeploymentEvent[]
}

export interface Person {
  id: string
  name: string
  email: string
}

export interface DeploymentEvent {
  id: string
  step: 'BUILD_IMAGE' | 'CREATE_CONTAINER' | 'DRAIN_INSTANCES' | 'HEALTHCHECK' | 'PUBLISH_IMAGE' | 'SNAPSHOT_CODE'
  createdAt: string
  completedAt: string | null
  payload: { attempt?: number; maxAttempts?: number; error?: string; reason?: string; durationMs?: number; skipped?: boolean } | null
}

export type Token =
  | { kind: 'account'; token: string; person: Person }
  | { kind: 'workspace'; token: string; person: Person }
  | { kind: 'project'; token: string; id: string; name: string; projectId: string; environmentId: string; createdAt: string }
