import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { StorePool } from '#src/adapters/store/pool.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'

export interface AgentOrchestratorDeps {
  readonly postgres: StorePool
  readonly redis: RedisConnection
  readonly base: ServiceBase
}

/** Agents, their profiles and their tasks. */
export function createAgentOrchestrator({ postgres, redis, base }: AgentOrchestratorDeps): ServiceApp {
  return createServiceApp({
    ...base,
    name: 'agent-orchestrator',
    description: 'Keeps the agents, what each can do, and the tasks they work on.',
    components: { postgres, redis },
  })
}
