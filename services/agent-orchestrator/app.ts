import type { FastifyBaseLogger } from 'fastify'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { StorePool } from '#src/adapters/store/pool.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'

export interface AgentOrchestratorDeps {
  readonly postgres: StorePool
  readonly redis: RedisConnection
  readonly log: FastifyBaseLogger
  readonly version: string
}

/** Agents, their profiles and their tasks. */
export function createAgentOrchestrator({ postgres, redis, log, version }: AgentOrchestratorDeps): ServiceApp {
  return createServiceApp({
    name: 'agent-orchestrator',
    version,
    description: 'Keeps the agents, what each can do, and the tasks they work on.',
    log,
    components: { postgres, redis },
  })
}
