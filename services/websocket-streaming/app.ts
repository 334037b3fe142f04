import type { FastifyBaseLogger } from 'fastify'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'

export interface WebsocketStreamingDeps {
  readonly redis: RedisConnection
  readonly log: FastifyBaseLogger
  readonly version: string
}

/** The consciousness stream for programs and pages that listen. */
export function createWebsocketStreaming({ redis, log, version }: WebsocketStreamingDeps): ServiceApp {
  return createServiceApp({
    name: 'websocket-streaming',
    version,
    description: 'Streams consciousness readings and service events to whoever listens.',
    log,
    components: { redis },
  })
}
