import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Mesh } from '#src/mesh/mesh.ts'
import { meshStates, statesOf } from './mesh-status.ts'
import type { ServiceHealth } from './service-health.ts'

export interface HealthRoutes {
  readonly name: string
  readonly version: string
  readonly health: ServiceHealth
  readonly uptimeSeconds: () => number
  /** The other services, where this one asks them. */
  readonly mesh: Mesh | undefined
}

const component = z.looseObject({ status: z.enum(['up', 'down', 'unconfigured', 'configured']) })
const reading = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.string(),
  version: z.string(),
  uptimeSeconds: z.number(),
  components: z.record(z.string(), component),
  mesh: meshStates.optional(),
})
const readiness = z.object({ ready: z.boolean(), service: z.string(), draining: z.boolean(), waitingFor: z.array(z.string()) })
const life = z.object({ alive: z.literal(true), service: z.string() })

const config = { open: true, ratePerMinute: false } as const

/**
 * `/health`: how well it does; 200 while it serves at all, so that an outage of a store does not get every service restarted. A peer that is
 * away degrades nobody else: its breaker is shown beside, or one service would turn all that know it.
 * `/health/ready`: 200 only when it can do all of its work; what a deploy and a load balancer ask.
 * `/health/live`: 200 while the process answers.
 */
export function healthRoutes(app: FastifyInstance, { name, version, health, uptimeSeconds, mesh }: HealthRoutes): void {
  const whole = { summary: 'How it does, and each component', response: { 200: reading, 503: reading } }
  app.get('/health', { config, schema: whole }, async (_request, reply) => {
    const { status, components } = await health.read()
    return reply
      .code(status === 'unhealthy' ? 503 : 200)
      .send({ status, service: name, version, uptimeSeconds: uptimeSeconds(), components, ...(mesh && { mesh: statesOf(mesh) }) })
  })

  const ready = { summary: 'Whether it can do all of its work', response: { 200: readiness, 503: readiness } }
  app.get('/health/ready', { config, schema: ready }, async (_request, reply) => {
    const { status, components } = await health.read()
    const waitingFor = Object.keys(components).filter((each) => components[each]?.status === 'down')
    const isReady = status === 'healthy'
    return reply.code(isReady ? 200 : 503).send({ ready: isReady, service: name, draining: status === 'unhealthy', waitingFor })
  })

  const alive = { summary: 'Whether the process answers', response: { 200: life } }
  app.get('/health/live', { config, schema: alive }, async () => ({ alive: true, service: name }))
}
