import { freePort } from '#src/launch/free-port.ts'
import { type RedisServer, startRedis } from '#src/launch/redis.ts'

/** The machine's redis-server, or the stand-in where `standIn` asks for it: on any port, or one to be had again. */
export async function redisServer({ port, standIn = false }: { port?: number; standIn?: boolean } = {}): Promise<RedisServer> {
  // Where no program is found, the launcher takes the stand-in.
  const path = standIn ? '/nowhere' : process.env.PATH
  return startRedis({ path, port: port ?? (await freePort()), password: 'tests' })
}
