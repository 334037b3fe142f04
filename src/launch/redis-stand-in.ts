import { createRedisServer } from 'js-redis-server'

// A process of its own: started by redis.ts where no redis-server is installed.
const server = await createRedisServer({ port: Number(process.argv[2]) })
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
process.send?.({ ready: true })
