import { createAgentOrchestrator } from '#services/agent-orchestrator/app.ts'
import { outboxTable, type Tables } from '#services/agent-orchestrator/tables.ts'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import { createDatabase, type ServiceDatabase } from '#src/adapters/store/create-database.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import type { ServiceApp } from '#src/service/service-app.ts'
import { createStreams } from '#src/streams/streams.ts'
import { type HandClock, handClock } from '#test/playground/discord/hand-clock.ts'
import { createEmptyDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer, serviceBase } from '#test/support/service.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  readonly body: any
}

export interface RunningOrchestrator {
  readonly app: ServiceApp
  readonly url: string
  readonly clock: HandClock
  readonly lines: readonly string[]
  readonly database: ServiceDatabase<Tables>
  readonly databaseUrl: string
  readonly redis: RedisConnection
  readonly redisServer: RedisServer
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, role?: string): Promise<Answer>
  /** An agent of that name, and tasks for it. */
  agent(agent_id: string): Promise<void>
  task(agent_id: string, more?: object): Promise<number>
  claim(agent_id: string, more?: object): Promise<{ readonly id: number; readonly lease: number } | undefined>
  stop(): Promise<void>
}

/** The real service over real stores, with a clock that is turned by hand; its database is made here unless one is given. */
export async function startOrchestrator(
  given: { readonly databaseUrl?: string; readonly redis?: RedisServer } = {},
): Promise<RunningOrchestrator> {
  const made = given.databaseUrl === undefined ? await createEmptyDatabase() : undefined
  const url = given.databaseUrl ?? made!.url
  const server = given.redis ?? (await redisServer())
  const clock = handClock()
  const base = serviceBase('agent-orchestrator', { clock })
  const log = quietLog()
  const database = createDatabase<Tables>({
    url,
    size: 10,
    log,
    applicationName: 'agent-orchestrator',
    migrations: new URL('../../../services/agent-orchestrator/migrations/', import.meta.url),
  })
  const redis = createRedis({ url: server.url, log })
  const streams = createStreams({ redis, clock: systemClock(), log })
  const app = createAgentOrchestrator({ postgres: database, redis, streams, base })
  const address = await app.http.listen({ port: 0, host: '127.0.0.1' })
  const ask: RunningOrchestrator['ask'] = async (method, path, body, role = 'operator') => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: { ...bearer({ sub: 'tester', role }), ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, body: JSON.parse(await answer.text()) }
  }
  return {
    app,
    url: address,
    clock,
    lines: base.lines,
    database,
    databaseUrl: url,
    redis,
    redisServer: server,
    ask,
    agent: async (agent_id) => {
      const { status, body } = await ask('POST', '/api/agents', { agent_id, name: agent_id, role: 'tester', capabilities: ['work'] })
      if (status !== 200) throw new Error(JSON.stringify(body))
    },
    task: async (agent_id, more = {}) => {
      const { status, body } = await ask('POST', '/api/tasks', { agent_id, task_type: 'work', task_data: { n: 1 }, ...more })
      if (status !== 200) throw new Error(JSON.stringify(body))
      return body.id
    },
    claim: async (agent_id, more = {}) => {
      const { body } = await ask('POST', `/api/agents/${encodeURIComponent(agent_id)}/claim`, more)
      return body.task ? { id: body.task.id, lease: body.lease } : undefined
    },
    async stop() {
      await app.stop(1_000)
      if (!given.redis) await server.stop()
      await made?.drop()
    },
  }
}

export { outboxTable }
