import { createRedisServer } from 'js-redis-server'

// A process of its own: started by redis.ts where no redis-server is installed.
await createRedisServer({ port: Number(process.argv[2]) })
process.once('SIGTERM', () => process.exit(0)) // Waits for no client: all of it is in memory.
process.send?.({ ready: true })
