import { join } from 'node:path'
import type { Emulator } from '#playground/emulator.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Platform } from './api/api.ts'
import { routeApi } from './api/endpoint.ts'
import { executableSchema } from './api/executable-schema.ts'
import { createRateLimits, hobbyLimits, type LimitSettings } from './api/rate-limits.ts'
import { deploymentStreams, deployments } from './api/resolvers/deployments.ts'
import { deploys } from './api/resolvers/deploys.ts'
import { environments } from './api/resolvers/environments.ts'
import { httpMetrics } from './api/resolvers/http-metrics.ts'
import { logStreams, logs } from './api/resolvers/logs.ts'
import { metrics } from './api/resolvers/metrics.ts'
import { platform as platformStatus } from './api/resolvers/platform.ts'
import { scope } from './api/resolvers/scope.ts'
import { serviceInstances } from './api/resolvers/service-instances.ts'
import { settings } from './api/resolvers/settings.ts'
import { usage as billedUsage } from './api/resolvers/usage.ts'
import { variables } from './api/resolvers/variables.ts'
import { createSockets } from './api/socket.ts'
import { credentialsOf, type RailwayCredentials } from './credentials.ts'
import { createFaults } from './faults/faults.ts'
import { createUpsets } from './faults/upsets.ts'
import { createLogStore } from './logs/log-store.ts'
import { createBill } from './machine/bill.ts'
import { boot, openEdges } from './machine/boot.ts'
import { createDeployer } from './machine/deployer.ts'
import { createEdges } from './machine/edges.ts'
import { createFleets, type FleetsGiven } from './machine/fleets.ts'
import { defaultPacing, type Pacing } from './machine/pacing.ts'
import { createSlots } from './machine/slots.ts'
import { createUsage, sampleForEver } from './machine/usage.ts'
import { type OwnEnv, type SeedOptions, seedTables } from './seed.ts'
import { restoreTables, takeSnapshot } from './snapshot.ts'
import { stateOf } from './state.ts'
import { createWebhooks } from './webhooks/webhooks.ts'
import type { Tables } from './world/model.ts'
import { domainOf } from './world/variables.ts'
import { createWorld } from './world/world.ts'

export interface EmulatedRailwayGiven {
  readonly clock: Clock
  readonly log: Log
  /** The repository whose services/ are deployed. */
  readonly root: string
  /** Shared variables of every environment, which every seeded service refers to: DATABASE_URL, REDIS_URL, JWT_SECRET … */
  readonly baseEnv: Readonly<Record<string, string>>
  /** What one environment has of its own, by its name: stores, for one. The names are those of `baseEnv`. */
  readonly ownEnv?: OwnEnv
  /** What `snapshot()` answered before the restart. */
  readonly snapshot?: unknown
  readonly seed?: (options: SeedOptions) => Tables
  /** Where the project's webhook goes; left out: it has none. */
  readonly webhookUrl?: string | undefined
  readonly limits?: Partial<LimitSettings>
  readonly pacing?: Partial<Pacing>
  /** How many processes may start at the same time. */
  readonly starts?: number
  readonly command?: FleetsGiven['command']
  /** What every process gets from this machine, beside its variables: a compile cache, for one. */
  readonly machine?: FleetsGiven['machine']
  /** The environments after the first start when this is over: what people wait for comes first. */
  readonly before?: Promise<unknown>
}

export interface EmulatedRailway extends Emulator {
  credentials(): RailwayCredentials
  /** The public addresses of an environment's services, by their names; they stay the same over restarts while their ports are free. */
  addresses(environment: string): Promise<Readonly<Record<string, string>>>
  /** Of a replica that runs now, past the edge and its counts: what Railway's private network is, to parts of the playground itself. */
  privateAddress(service: string, environment: string): string | undefined
  /** Resolves when every service that should run in the environment answers its health check; rejects where one does not. */
  whenHealthy(environment: string): Promise<void>
}

/** Railway, emulated: its public API, and deployments that are real processes on this machine. Starts at once; `close` ends all of it. */
export function createEmulatedRailway(given: EmulatedRailwayGiven): EmulatedRailway {
  const { clock, log, root, baseEnv, ownEnv = {} } = given
  const pacing = { ...defaultPacing, ...given.pacing }
  const tables = given.snapshot
    ? restoreTables(given.snapshot, baseEnv, ownEnv)
    : (given.seed ?? seedTables)({ now: clock.now(), baseEnv, ownEnv })
  const world = createWorld(tables, clock)
  const logStore = createLogStore(clock)
  const command = given.command ?? ((name: string) => ({ file: join(root, 'services', name, 'main.ts'), args: [] }))
  const fleets = createFleets({
    world,
    logs: logStore,
    clock,
    pacing,
    slots: createSlots(given.starts ?? 3),
    root,
    command,
    machine: given.machine ?? {},
  })
  const edges = createEdges({ world, fleets, clock })
  const deployer = createDeployer({ world, fleets, logs: logStore, clock, pacing, log })
  const webhooks = createWebhooks({ world, url: given.webhookUrl, clock, log })
  const usage = createUsage({ world, fleets, clock })
  const bill = createBill({ world, usage, clock })
  const limits = createRateLimits({ ...hobbyLimits, ...given.limits }, clock)
  const platform: Platform = { world, fleets, deployer, edges, logs: logStore, usage, bill, clock, limits }

  const resolvers = [
    scope,
    environments,
    serviceInstances,
    deployments,
    deploys,
    settings,
    variables,
    logs,
    metrics,
    httpMetrics,
    billedUsage,
    platformStatus,
  ]
  const schema = executableSchema(resolvers, [deploymentStreams, logStreams])
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}))
  const upsets = createUpsets()
  const sockets = createSockets({ platform, schema, log })
  const closing = new AbortController()
  const addressed = openEdges(world, edges)
  const before = given.before ?? Promise.resolve()
  const healthy = boot({ world, fleets, addressed, deployer, clock, log, signal: closing.signal, before })
  const sampling = sampleForEver(usage, clock, pacing.sampleMs, closing.signal).catch((error: unknown) =>
    log.error({ error }, 'The emulated Railway measures no longer'),
  )

  return {
    name: 'railway',
    routes: (server) => routeApi(server, { platform, schema, upsets, log }),
    upgrade: sockets.upgrade,
    state: () => ({ ...stateOf(platform), webhooks: webhooks.state() }),
    faults: createFaults({ platform, upsets, sockets, fields, webhooks }),
    snapshot: () => takeSnapshot(world, baseEnv),
    onChange: (listener) => void world.news.on('change', listener),
    credentials: () => credentialsOf(tables),
    async addresses(name) {
      await addressed
      const environment = tables.environments.find((one) => one.name === name)
      const instances = environment ? world.instancesIn(environment.id) : []
      return Object.fromEntries(
        instances.flatMap((instance) => {
          const domain = domainOf(instance)
          return domain === undefined ? [] : [[world.service(instance.serviceId)!.name, `http://${domain}`]]
        }),
      )
    },
    privateAddress(serviceName, environmentName) {
      const service = tables.services.find(({ name }) => name === serviceName)
      const environment = tables.environments.find(({ name }) => name === environmentName)
      const instance = service && environment && world.instance(service.id, environment.id)
      const port = instance && edges.upstreams(instance)[0]?.port
      return port === undefined ? undefined : `http://127.0.0.1:${port}`
    },
    async whenHealthy(environment) {
      const promise = healthy.get(environment)
      if (!promise) throw new Error(`There is no environment ${environment}`)
      await promise
    },
    async close() {
      closing.abort()
      upsets.clear()
      await Promise.all([sockets.close(), webhooks.close()])
      await deployer.close()
      await Promise.allSettled(healthy.values())
      await Promise.all([edges.close(), sampling])
    },
  }
}
