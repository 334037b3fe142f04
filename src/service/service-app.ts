import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import type { Components } from './component.ts'
import { errorAnswers } from './error-answers.ts'
import { healthRoutes } from './health-routes.ts'
import { httpMetrics } from './http-metrics.ts'
import { RequestLog } from './request-log.ts'
import { zodSchemas } from './request-schemas.ts'
import { createServiceHealth, type ServiceHealth } from './service-health.ts'

export interface ServiceAppDeps {
  /** As in the folder's name: `agent-orchestrator`. */
  readonly name: string
  readonly version: string
  /** One sentence for `/api/info`. */
  readonly description: string
  readonly log: FastifyBaseLogger
  readonly components: Components
  readonly clock?: Clock
  /** Largest body, in bytes; a route may set its own. */
  readonly bodyLimit?: number
}

export interface ServiceApp {
  readonly http: FastifyInstance
  readonly health: ServiceHealth
  /** Not ready from now on, answers what came in, cuts off what takes longer than `limitMs`, then closes the components. */
  stop(limitMs: number): Promise<{ readonly cutOff: boolean }>
}

const timeouts = { requestTimeout: 30_000, keepAliveTimeout: 72_000, connectionTimeout: 120_000 } as const
const CLOSE_LIMIT_MS = 2_000
const REQUEST_ID = /^[\w.-]{1,64}$/

/** The base that every service stands on: health, metrics, info, errors, request ids and the stop. Routes are added to `http`. */
export function createServiceApp({
  name,
  version,
  description,
  log,
  components,
  clock = systemClock(),
  bodyLimit = 1_048_576,
}: ServiceAppDeps): ServiceApp {
  const started = clock.now().getTime()
  const uptimeSeconds = () => Math.round((clock.now().getTime() - started) / 1_000)
  const health = createServiceHealth({ components, log, clock })
  const http: FastifyInstance = Fastify({
    ...timeouts,
    bodyLimit,
    loggerInstance: log,
    logController: new RequestLog(),
    schemaController: zodSchemas,
    // While draining, a request on an open connection is still answered: by us, not by a bare 503.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
  })
  http.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  // A connection that was kept alive past its last answer would hold up the stop.
  http.addHook('onSend', async (_request, reply) => {
    if (health.draining) reply.header('connection', 'close')
  })
  errorAnswers(http)
  httpMetrics(http, name)
  healthRoutes(http, { name, version, health, uptimeSeconds })
  http.get('/api/info', async () => ({ name, version, description }))

  return {
    http,
    health,
    async stop(limitMs) {
      health.drain()
      const cutOff = await drain(http, limitMs, clock)
      await closeAll(components, log, clock)
      return { cutOff }
    },
  }
}

/** True where the limit passed before every request was answered. */
async function drain(http: FastifyInstance, limitMs: number, clock: Clock): Promise<boolean> {
  const drained = new AbortController()
  let cutOff = false
  const limit = clock.sleep(limitMs, drained.signal).then(() => {
    if (drained.signal.aborted) return
    cutOff = true
    http.server.closeAllConnections()
  })
  await http.close()
  drained.abort()
  await limit
  return cutOff
}

/** A store that is away must not keep the process from ending. */
async function closeAll(components: Components, log: FastifyBaseLogger, clock: Clock): Promise<void> {
  const closed = new AbortController()
  const closing = Object.entries(components).map(async ([name, component]) => {
    if (typeof component === 'string') return
    await component.close().catch((err) => log.warn({ err, component: name }, 'a component did not close'))
  })
  await Promise.race([Promise.all(closing), clock.sleep(CLOSE_LIMIT_MS, closed.signal)])
  closed.abort()
}

function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}
