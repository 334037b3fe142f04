import { enableCompileCache } from 'node:module'

// Before the rest is imported: a start costs half as much with it.
enableCompileCache()
const { runService } = await import('#src/service/run-service.ts')
const { serviceVariables } = await import('#src/config/service-variables.ts')
await runService(
  {
    name: 'websocket-streaming',
    port: 4101,
    variables: serviceVariables['websocket-streaming'],
    create: async ({ config, base }) => {
      const { log } = base
      const { createRedis } = await import('#src/adapters/redis/redis.ts')
      const { createStreams } = await import('#src/streams/streams.ts')
      const { createWebsocketStreaming } = await import('./app.ts')
      const redis = createRedis({ url: config.REDIS_URL, log })
      const streams = createStreams({ redis, clock: base.clock, log, tracing: base.tracing })
      return createWebsocketStreaming({ redis, streams, base })
    },
  },
  process,
)
