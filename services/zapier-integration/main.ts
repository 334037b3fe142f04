import { enableCompileCache } from 'node:module'

// Before the rest is imported: a start costs half as much with it.
enableCompileCache()
const { runService } = await import('#src/service/run-service.ts')
const { serviceVariables } = await import('#src/config/service-variables.ts')
await runService(
  {
    name: 'zapier-integration',
    port: 4104,
    variables: serviceVariables['zapier-integration'],
    create: async ({ config, base }) => {
      const { log } = base
      const { createPool } = await import('#src/adapters/store/pool.ts')
      const { createRedis } = await import('#src/adapters/redis/redis.ts')
      const { createZapierIntegration } = await import('./app.ts')
      const postgres = createPool({ url: config.DATABASE_URL, size: config.DB_POOL_SIZE, log, applicationName: 'zapier-integration' })
      const redis = createRedis({ url: config.REDIS_URL, log })
      return createZapierIntegration({ postgres, redis, base })
    },
  },
  process,
)
