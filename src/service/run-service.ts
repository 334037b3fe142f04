import { flushCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { z } from 'zod'
import { readConfig } from '#src/config/read-config.ts'
import { type ServiceBaseConfig, secretsDiffer, serviceBaseVariables } from '#src/config/service-base-variables.ts'
import { listenHost } from '#src/config/variables.ts'
import { helixVersion } from '#src/config/version.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { ConfigError } from '#src/kernel/errors.ts'
import { createMesh } from '#src/mesh/create-mesh.ts'
import { createTokens } from '#src/tokens/create-tokens.ts'
import { openTracing } from '#src/tracing/open-tracing.ts'
import type { ServiceApp } from './service-app.ts'
import type { ServiceBase } from './service-base.ts'
import { createServiceLog } from './service-log.ts'

export interface ServiceDefinition<Variables extends z.ZodRawShape> {
  /** As in the folder's name. */
  readonly name: string
  /** Where to listen when `PORT` is not given. */
  readonly port: number
  /** The variables it reads beside those of the base. */
  readonly variables: Variables
  create(deps: ServiceDeps<Variables>): ServiceApp | Promise<ServiceApp>
}

export interface ServiceDeps<Variables extends z.ZodRawShape> {
  readonly config: ServiceBaseConfig & z.output<z.ZodObject<Variables>>
  readonly base: ServiceBase
}

/** The process, as far as a service needs it. */
export type Host = Pick<NodeJS.Process, 'env' | 'exit' | 'on' | 'pid' | 'send' | 'stderr'>

const STOP_LIMIT_MS = 10_000

/**
 * A service's whole life: reads its variables (one error names all that are missing or malformed, and no value), listens, says `ready`
 * with its port, and stops on SIGTERM or SIGINT: no new connections, answers what came in, closes its components, exits 0.
 */
export async function runService<Variables extends z.ZodRawShape>(service: ServiceDefinition<Variables>, host: Host): Promise<void> {
  const config = configOrExit(service, host)
  const log = createServiceLog({ service: service.name, level: config.LOG_LEVEL })
  host.on('uncaughtException', (err) => {
    log.fatal({ err }, 'stopped by a bug')
    host.exit(1)
  })
  const base = await createBase(service.name, config, log)
  const app = await service.create({ config, base })
  const address = { port: config.PORT ?? service.port, host: listenHost(config) }
  try {
    await app.http.listen(address)
  } catch (err) {
    log.fatal({ err, ...address }, 'cannot listen: set PORT to a free port, and HOST to an address of this machine')
    host.exit(1)
  }
  stopOnSignal(app, base, host)
  const { port } = app.http.server.address() as AddressInfo
  log.info({ ...address, port, pid: host.pid }, 'ready')
  host.send?.({ ready: true, port })
  // Now, and not at the exit: the next start is faster even if this one is killed.
  flushCompileCache()
}

async function createBase(service: string, config: ServiceBaseConfig, log: Logger): Promise<ServiceBase> {
  const clock = systemClock()
  const version = helixVersion()
  const tokens = createTokens({
    jwtSecret: config.JWT_SECRET,
    meshSecret: config.SERVICE_MESH_SECRET,
    service,
    defaultRole: config.JWT_DEFAULT_ROLE,
    clock,
  })
  const tracing = await openTracing({ config, service, version, log })
  return {
    version,
    log,
    clock,
    tokens,
    mesh: createMesh({ self: service, config, tokens, tracing, clock, log }),
    tracing,
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
  }
}

function configOrExit<Variables extends z.ZodRawShape>({ name, variables }: ServiceDefinition<Variables>, host: Host) {
  try {
    return readConfig(
      z.object({ ...serviceBaseVariables, ...variables }).refine(...secretsDiffer),
      host.env,
    ) as ServiceDeps<Variables>['config']
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    host.stderr.write(`${name}: ${error.message}\n`)
    return host.exit(1)
  }
}

function stopOnSignal(app: ServiceApp, { log, tracing }: ServiceBase, host: Host): void {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    const { cutOff } = await app.stop(STOP_LIMIT_MS)
    if (cutOff) log.warn({ limitMs: STOP_LIMIT_MS }, 'requests that took too long were cut off')
    await tracing.close()
    log.info({}, 'stopped')
    host.exit(0)
  }
  host.on('SIGTERM', stop)
  host.on('SIGINT', stop)
}
