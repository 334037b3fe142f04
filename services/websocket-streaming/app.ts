import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'

export interface WebsocketStreamingDeps {
  readonly redis: RedisConnection
  readonly base: ServiceBase
}

/** The consciousness stream for programs and pages that listen. */
export function createWebsocketStreaming({ redis, base }: WebsocketStreamingDeps): ServiceApp {
  return createServiceApp({
    ...base,
    name: 'websocket-streaming',
    description: 'Streams consciousness readings and service events to whoever listens.',
    components: { redis },
  })
}
