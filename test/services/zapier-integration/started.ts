import { createZapierIntegration, type ZapierIntegrationDeps } from '#services/zapier-integration/app.ts'
import type { Tables } from '#services/zapier-integration/tables.ts'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import { createDatabase, type ServiceDatabase } from '#src/adapters/store/create-database.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import { createStreams, type Streams } from '#src/streams/streams.ts'
import { createEmptyDatabase, type TestDatabase } from '../../support/postgres.ts'
import { redisServer } from '../../support/redis.ts'
import { bearer, serviceBase, type TestBase } from '../../support/service.ts'
import { zapierSecret } from '../service-process.ts'
import { type Answered, createSender, type Send } from './sender.ts'

export const migrations = new URL('../../../services/zapier-integration/migrations/', import.meta.url)

/** The service in this process over stores of its own, listening. */
export interface Started {
  readonly url: string
  readonly base: TestBase
  readonly postgres: ServiceDatabase<Tables>
  readonly redis: RedisConnection
  readonly redisServer: RedisServer
  readonly streams: Streams
  readonly database: TestDatabase
  /** A webhook, signed over the body. */
  readonly send: Send
  ask(method: string, path: string, body?: unknown, role?: string): Promise<Answered>
  stop(): Promise<void>
}

export type Given = Partial<Pick<ZapierIntegrationDeps, 'hooks' | 'webhooksPerMinute' | 'inboxLimits'>> & {
  readonly base?: Partial<ServiceBase>
}

export async function startZapier({ base: more = {}, ...given }: Given = {}): Promise<Started> {
  const [database, server] = await Promise.all([createEmptyDatabase(), redisServer()])
  const base = serviceBase('zapier-integration', more)
  const { clock, log } = base
  const postgres = createDatabase<Tables>({ url: database.url, size: 10, log, applicationName: 'zapier-integration', migrations, clock })
  const redis = createRedis({ url: server.url, log })
  const streams = createStreams({ redis, clock, log })
  const app = createZapierIntegration({
    postgres,
    redis,
    streams,
    secret: zapierSecret,
    hooks: new Map(),
    webhooksPerMinute: 1_000_000,
    base,
    ...given,
  })
  await postgres.migrated()
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' })
  const sender = createSender(url, zapierSecret)
  return {
    url,
    base,
    postgres,
    redis,
    redisServer: server,
    streams,
    database,
    send: sender.send,
    async ask(method, path, body, role = 'admin') {
      const headers = { ...bearer({ sub: 'tester', role }), ...(body !== undefined && { 'content-type': 'application/json' }) }
      const answer = await fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
      return { status: answer.status, body: await answer.json() }
    },
    async stop() {
      sender.close()
      await app.stop(2_000)
      await server.stop()
      await database.drop()
    },
  }
}
