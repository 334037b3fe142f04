import type { FastifyInstance } from 'fastify'
import type { ServiceHealth } from './service-health.ts'

export interface HealthRoutes {
  readonly name: string
  readonly version: string
  readonly health: ServiceHealth
  readonly uptimeSeconds: () => number
}

const config = { open: true, ratePerMinute: false } as const

/**
 * `/health`: how well it does; 200 while it serves at all, so that an outage of a store does not get every service restarted.
 * `/health/ready`: 200 only when it can do all of its work; what a deploy and a load balancer ask.
 * `/health/live`: 200 while the process answers.
 */
export function healthRoutes(app: FastifyInstance, { name, version, health, uptimeSeconds }: HealthRoutes): void {
  app.get('/health', { config }, async (_request, reply) => {
    const { status, components } = await health.read()
    return reply
      .code(status === 'unhealthy' ? 503 : 200)
      .send({ status, service: name, version, uptimeSeconds: uptimeSeconds(), components })
  })

  app.get('/health/ready', { config }, async (_request, reply) => {
    const { status, components } = await health.read()
    const waitingFor = Object.keys(components).filter((component) => components[component]?.status === 'down')
    const ready = status === 'healthy'
    return reply.code(ready ? 200 : 503).send({ ready, service: name, draining: status === 'unhealthy', waitingFor })
  })

  app.get('/health/live', { config }, async () => ({ alive: true, service: name }))
}
