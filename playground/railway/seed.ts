import { peers, peerVariable } from '#src/kernel/peers.ts'
import type { BehaviourName } from './behaviours.ts'
import { fixedId, fixedSha } from './fixed-id.ts'
import { defaultSettings } from './world/default-settings.ts'
import type { Commit, Deployment, Environment, Person, Service, ServiceInstance, Settings, Tables, Variable } from './world/model.ts'

export interface SeedOptions {
  readonly now: Date
  /** Shared variables of every environment, which every service refers to. */
  readonly baseEnv: Readonly<Record<string, string>>
  /** By the environment's name: what one has of its own, before those of every one. */
  readonly ownEnv?: OwnEnv
  /** How long a deployment may take to answer its health check, in seconds. */
  readonly healthcheckTimeout?: number
  /** Left out: the four of services/. */
  readonly services?: readonly string[]
}

export type OwnEnv = Readonly<Record<string, Readonly<Record<string, string>>>>

export const seededServices = ['websocket-streaming', 'agent-orchestrator', 'voice-processor', 'zapier-integration'] as const
export const owner: Person = { id: fixedId('person/owner'), name: 'Playground', email: 'playground@helix.invalid' }
export const colleague: Person = { id: fixedId('person/colleague'), name: 'Robin (dashboard)', email: 'robin@helix.invalid' }

const hour = 3_600_000
const projectId = fixedId('project/helix')

/** Newest first. The newest is good and not yet in production. The number is the commit's for good: its SHA is made from it. */
const history: readonly (readonly [number: number, message: string, behaviour: BehaviourName])[] = [
  [5, 'Answer health checks with the state of each component', 'good'],
  [4, 'Check every dependency before saying healthy', 'fails-health-check'],
  [3, 'Write logs as JSON', 'good'],
  [2, 'Stop gracefully on SIGTERM', 'good'],
  [6, 'Read totals that are not always there', 'answers-errors'],
  [7, 'Continue where the last run stopped', 'crash-loop'],
  [8, 'Look everything up again for each answer', 'slow'],
  [9, 'Keep every answer in memory', 'leaks-memory'],
  [1, 'First version', 'good'],
]

/**
 * What the playground begins with: project `helix`, environments production and staging, each with every service and a history. Staging
 * runs the newest and has tried every bad commit, so that it can be asked for; production is two commits behind, with one deployment to
 * roll back to and one too old.
 */
export function seedTables(options: SeedOptions): Tables {
  const { now, baseEnv, ownEnv = {}, services = seededServices } = options
  const ago = (hours: number) => new Date(now.getTime() - hours * hour).toISOString()
  const environments = ['production', 'staging'].map((name): Environment => {
    const shared = written({ ...baseEnv, ...ownEnv[name] })
    return { id: fixedId(`environment/${name}`), name, projectId, createdAt: ago(900), shared }
  })
  const rows = services.map((name) => seedService(name, ago(900)))
  const instances = environments.flatMap((environment) => rows.map((service) => seedInstance(service, environment, options)))
  return {
    workspace: { id: fixedId('workspace'), name: 'Playground', plan: 'HOBBY' },
    projects: [{ id: projectId, name: 'helix', createdAt: ago(900) }],
    environments,
    services: rows,
    instances,
    deployments: instances.flatMap((instance) => seedDeployments(instance, rows, environments, ago)),
    tokens: [
      { kind: 'account', token: fixedId('token/account'), person: owner },
      { kind: 'workspace', token: fixedId('token/workspace'), person: owner },
      ...environments.map(({ id, name, createdAt }) => ({
        kind: 'project' as const,
        token: fixedId(`token/project/${name}`),
        id: fixedId(`token-id/${name}`),
        name: `${name} token`,
        projectId,
        environmentId: id,
        createdAt,
      })),
    ],
  }
}

/** A service, for seeds and for tests that add some. */
export function seedService(name: string, createdAt: string, more: Partial<Service> = {}): Service {
  const commits = history.map(
    ([number, message, behaviour]): Commit => ({ sha: fixedSha(`${name}/${number}`), message, author: 'robin', behaviour }),
  )
  const id = fixedId(`service/${name}`)
  return { id, name, projectId, createdAt, repo: `helix-playground/${name}`, image: null, commits, simulated: false, ...more }
}

/** A service in an environment. Drains for 5 s, so that a graceful stop has its time. */
export function seedInstance(
  service: Service,
  environment: Pick<Environment, 'id' | 'shared'>,
  options: { readonly healthcheckTimeout?: number } = {},
  more: Partial<ServiceInstance> = {},
): ServiceInstance {
  const references = Object.keys(environment.shared)
    .filter((name) => (ownerOf(name) ?? service.name) === service.name)
    .map((name): [string, Variable] => [name, { value: `\${{shared.${name}}}`, sealed: false }])
  const settings: Settings = {
    ...structuredClone(defaultSettings),
    healthcheckPath: '/health',
    healthcheckTimeout: options.healthcheckTimeout ?? 15,
    drainingSeconds: 5,
  }
  return {
    id: fixedId(`instance/${service.name}/${environment.id}`),
    serviceId: service.id,
    environmentId: environment.id,
    createdAt: service.createdAt,
    settings,
    variables: Object.fromEntries([...references, ...addressesOfPeers(service.name)]),
    volume: null,
    port: null,
    ...more,
  }
}

/** Whose a variable is that only one service uses: a secret goes no further than it must. */
function ownerOf(variable: string): string | undefined {
  if (variable.startsWith('GOOGLE_')) return 'voice-processor'
  return variable === 'ZAPIER_SECRET' ? 'zapier-integration' : undefined
}

/** What Helix's own services know of the others in their environment, by their public domains: the names of Railway's private network mean nothing on this machine. */
function addressesOfPeers(name: string): readonly (readonly [string, Variable])[] {
  if (!peers.some((peer) => peer === name)) return []
  return peers
    .filter((peer) => peer !== name && peer !== 'bot')
    .map((peer) => [peerVariable[peer], { value: `http://\${{${peer}.RAILWAY_PUBLIC_DOMAIN}}`, sealed: false }])
}

function seedDeployments(
  instance: ServiceInstance,
  services: readonly Service[],
  environments: readonly Environment[],
  ago: (hours: number) => string,
): Deployment[] {
  const { commits } = services.find((one) => one.id === instance.serviceId)!
  const { name } = environments.find((one) => one.id === instance.environmentId)!
  const [newest, bad, present, earlier] = commits as [Commit, Commit, Commit, Commit]
  const tried = commits.slice(4, -1)
  const of = (commit: Commit, hours: number, more: Partial<Deployment>) => seedDeployment(instance, commit, ago(hours), more)
  const removed = (hours: number): Partial<Deployment> => ({ status: 'REMOVED', wentLive: true, removedAt: ago(hours) })
  if (name === 'staging') {
    return [
      of(newest, 3, { status: 'SUCCESS', wentLive: true }),
      failed(of(bad, 5, { status: 'FAILED' })),
      of(present, 28, removed(3)),
      // Too long ago to be rolled back to.
      ...tried.map((commit, index) => of(commit, 200 + 24 * index, removed(199 + 24 * index))),
    ]
  }
  return [of(present, 26, { status: 'SUCCESS', wentLive: true }), of(earlier, 50, removed(26)), of(commits.at(-1)!, 800, removed(500))]
}

export function seedDeployment(
  instance: ServiceInstance,
  commit: Commit | null,
  createdAt: string,
  more: Partial<Deployment> = {},
): Deployment {
  return {
    id: fixedId(`deployment/${instance.id}/${commit?.sha}`),
    serviceId: instance.serviceId,
    environmentId: instance.environmentId,
    projectId,
    status: 'SUCCESS',
    createdAt,
    statusUpdatedAt: createdAt,
    stopped: false,
    creator: owner,
    commit,
    image: null,
    reason: 'deploy',
    skipBuild: false,
    wentLive: true,
    removedAt: null,
    settings: structuredClone(instance.settings),
    variables: structuredClone(instance.variables),
    events: [],
    ...more,
  }
}

function failed(deployment: Deployment): Deployment {
  const { healthcheckPath, healthcheckTimeout } = deployment.settings
  const error = `Healthcheck failed: GET ${healthcheckPath} did not answer 200 within ${healthcheckTimeout} s (status code 503)`
  const { id, createdAt } = deployment
  const payload = { error, reason: 'HEALTHCHECK_FAILED' }
  return {
    ...deployment,
    wentLive: false,
    events: [{ id: fixedId(`event/${id}`), step: 'HEALTHCHECK', createdAt, completedAt: createdAt, payload }],
  }
}

function written(values: Readonly<Record<string, string>>): Record<string, Variable> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, sealed: false }]))
}
