import { randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Clock } from '#src/kernel/clock.ts'
import { authentication, identification } from './authentication.ts'
import { answerBrokenRequest } from './broken-request.ts'
import type { Components } from './component.ts'
import { crossOrigin } from './cross-origin.ts'
import { docsRoutes } from './docs/docs-routes.ts'
import { answerError, errorAnswers } from './error-answers.ts'
import { healthRoutes } from './health-routes.ts'
import { httpMetrics, type RegisterFigures } from './http-metrics.ts'
import { infoRoute } from './info-route.ts'
import { jsonBodies } from './json-bodies.ts'
import { meshFigures } from './mesh-figures.ts'
import { meshStatusRoute } from './mesh-status.ts'
import { createOpenSockets, type OpenSockets } from './open-sockets.ts'
import { rateLimit } from './rate-limit.ts'
import { RequestLog } from './request-log.ts'
import { type ServiceHttp, zodSchemas } from './request-schemas.ts'
import { requestSpans } from './request-spans.ts'
import './route-config.ts'
import type { ServiceBase } from './service-base.ts'
import { createServiceHealth, type ServiceHealth } from './service-health.ts'
import { createUnaskedConnections, type UnaskedConnections } from './unasked-connections.ts'

export interface ServiceAppDeps extends ServiceBase {
  /** As in the folder's name: `agent-orchestrator`. */
  readonly name: string
  /** One sentence for `/api/info`. */
  readonly description: string
  readonly components: Components
  /** Largest body, in bytes; a route may set its own. */
  readonly bodyLimit?: number
  /** By when a request must have come in whole, its body too. */
  readonly requestTimeoutMs?: number
  /** Its own figures in `/metrics`. */
  readonly registerFigures?: RegisterFigures
}

export interface ServiceApp {
  readonly http: ServiceHttp
  readonly health: ServiceHealth
  /** WebSockets are handed over here, so that the stop closes them. */
  readonly sockets: OpenSockets
  /** Not ready from now on, answers what came in, cuts off what takes longer than `limitMs`, then closes the components. */
  stop(limitMs: number): Promise<{ readonly cutOff: boolean }>
}

const timeouts = { keepAliveTimeout: 72_000, connectionTimeout: 120_000 } as const
const CLOSE_LIMIT_MS = 2_000
const REQUEST_ID = /^[\w.-]{1,64}$/

/**
 * The base that every service stands on: tokens, rate limits, health, metrics, info, errors, request ids and the stop. Routes are added to
 * `http`, and ask for a token unless their config says otherwise (route-config.ts).
 */
export function createServiceApp(deps: ServiceAppDeps): ServiceApp {
  const { name, version, description, log, components, clock, bodyLimit = 1_048_576, requestTimeoutMs = 30_000, trustedProxies } = deps
  const started = clock.now().getTime()
  const uptimeSeconds = () => Math.round((clock.now().getTime() - started) / 1_000)
  const health = createServiceHealth({ components, log, clock })
  const http: FastifyInstance = Fastify({
    ...timeouts,
    requestTimeout: requestTimeoutMs,
    // Node swaps the two limits where that of the headers is the longer one, and would then wait a minute for a body.
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs / 2) },
    bodyLimit,
    loggerInstance: log,
    logController: new RequestLog(),
    schemaController: zodSchemas,
    trustProxy: (_address, hop) => hop < trustedProxies,
    // While draining, a request on an open connection is still answered: by us, not by a bare 503.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
  })
  const sockets = createOpenSockets(http.server)
  const unasked = createUnaskedConnections(http.server)
  requestSpans(http, deps.tracing)
  http.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  // A connection that was kept alive past its last answer would hold up the stop.
  http.addHook('onSend', async (_request, reply) => {
    if (health.draining) reply.header('connection', 'close')
  })
  errorAnswers(http)
  jsonBodies(http)
  http.register(inPlace((app) => gate(app, deps)))
  docsRoutes(http, { name, version, description })
  httpMetrics(http, name, [...(deps.mesh ? [meshFigures(deps.mesh)] : []), ...(deps.registerFigures ? [deps.registerFigures] : [])])
  healthRoutes(http, { name, version, health, uptimeSeconds, mesh: deps.mesh })
  meshStatusRoute(http, name, deps.mesh)
  infoRoute(http, { name, version, description })

  return {
    http: http.withTypeProvider(),
    health,
    sockets,
    async stop(limitMs) {
      health.drain()
      const cutOff = await drain({ http, sockets, unasked, limitMs, clock })
      await closeAll(components, log, clock)
      return { cutOff }
    },
  }
}

/** What every request passes, in this order; each step may refuse it. */
async function gate(app: FastifyInstance, { corsOrigins, tokens, ratePerMinute, clock }: ServiceBase): Promise<void> {
  await crossOrigin(app, corsOrigins)
  identification(app, tokens)
  rateLimit(app, { perMinute: ratePerMinute, clock })
  authentication(app)
}

/** A plugin whose hooks are for the whole app. https://fastify.dev/docs/latest/Reference/Plugins/#handle-the-scope */
function inPlace(plugin: (app: FastifyInstance) => Promise<void>) {
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

interface Draining {
  readonly http: FastifyInstance
  readonly sockets: OpenSockets
  readonly unasked: UnaskedConnections
  readonly limitMs: number
  readonly clock: Clock
}

/** True where the limit passed before every request was answered. */
async function drain({ http, sockets, unasked, limitMs, clock }: Draining): Promise<boolean> {
  const drained = new AbortController()
  let cutOff = false
  const limit = clock.sleep(limitMs, drained.signal).then(() => {
    if (drained.signal.aborted) return
    cutOff = true
    http.server.closeAllConnections()
  })
  // A client that does not answer the closing of its WebSocket holds nothing up for long.
  const patience = clock.sleep(Math.min(limitMs, CLOSE_LIMIT_MS), drained.signal).then(() => sockets.cut())
  sockets.close()
  await turn() // A request that has arrived, but was not read yet, came in.
  unasked.close()
  await http.close()
  drained.abort()
  await Promise.all([limit, patience])
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
