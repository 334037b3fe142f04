import { enableCompileCache } from 'node:module'

// Before the rest is imported: a start costs half as much with it.
enableCompileCache()
const { runService } = await import('#src/service/run-service.ts')
const { serviceVariables } = await import('#src/config/service-variables.ts')
await runService(
  {
    name: 'voice-processor',
    port: 4103,
    variables: serviceVariables['voice-processor'],
    create: async ({ config, base }) => {
      const { log } = base
      const { createRedis } = await import('#src/adapters/redis/redis.ts')
      const { createVoiceProcessor } = await import('./app.ts')
      const redis = createRedis({ url: config.REDIS_URL, log })
      const speech = config.GOOGLE_CLOUD_KEY || config.GOOGLE_APPLICATION_CREDENTIALS ? 'configured' : 'unconfigured'
      return createVoiceProcessor({ redis, speech, base })
    },
  },
  process,
)
