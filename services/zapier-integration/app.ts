import type { FastifyBaseLogger } from 'fastify'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { StorePool } from '#src/adapters/store/pool.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'

export interface ZapierIntegrationDeps {
  readonly postgres: StorePool
  readonly redis: RedisConnection
  readonly log: FastifyBaseLogger
  readonly version: string
}

/** Webhooks from Zapier and to it. */
export function createZapierIntegration({ postgres, redis, log, version }: ZapierIntegrationDeps): ServiceApp {
  return createServiceApp({
    name: 'zapier-integration',
    version,
    description: 'Takes in events from Zapier and sends out triggers and actions.',
    log,
    components: { postgres, redis },
  })
}
