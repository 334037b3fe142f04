import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { StorePool } from '#src/adapters/store/pool.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'

export interface ZapierIntegrationDeps {
  readonly postgres: StorePool
  readonly redis: RedisConnection
  readonly base: ServiceBase
}

/** Webhooks from Zapier and to it. */
export function createZapierIntegration({ postgres, redis, base }: ZapierIntegrationDeps): ServiceApp {
  return createServiceApp({
    ...base,
    name: 'zapier-integration',
    description: 'Takes in events from Zapier and sends out triggers and actions.',
    components: { postgres, redis },
  })
}
