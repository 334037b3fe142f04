import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { ServiceDatabase } from '#src/adapters/store/create-database.ts'
import { repeat } from '#src/kernel/repeat.ts'
import type { Component } from '#src/service/component.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import { createOutbox } from '#src/streams/outbox.ts'
import type { Streams } from '#src/streams/streams.ts'
import { createHeartbeats } from './heartbeats.ts'
import { createProfiles } from './profiles.ts'
import { agentRoutes } from './routes/agents.ts'
import { commandRoutes } from './routes/commands.ts'
import { specificationRoutes } from './routes/specification.ts'
import { taskRoutes } from './routes/tasks.ts'
import { workRoutes } from './routes/work.ts'
import { createSilence } from './silence.ts'
import { createStatusKeys } from './status-keys.ts'
import { createSweeper } from './sweeper.ts'
import { outboxTable, type Tables } from './tables.ts'
import { createTasks } from './tasks.ts'
import { createWaiting } from './waiting.ts'
import { createWork } from './work.ts'

export interface AgentOrchestratorDeps {
  readonly postgres: ServiceDatabase<Tables>
  readonly redis: RedisConnection
  readonly streams: Streams
  readonly base: ServiceBase
}

/** How often heartbeats are written, and leases and silences looked at, in ms. */
const FLUSH_EVERY_MS = 1_000
const SWEEP_EVERY_MS = 5_000

/** Agents, their profiles and their tasks. */
export function createAgentOrchestrator({ postgres, redis, streams, base }: AgentOrchestratorDeps): ServiceApp {
  const { clock, log } = base
  const { db } = postgres
  const outbox = createOutbox({ db, table: outboxTable, streams, clock, log })
  const waiting = createWaiting(clock)
  const statuses = createStatusKeys({ redis, clock, log })
  const heartbeats = createHeartbeats({ db, keys: statuses, clock, log })
  const tasks = createTasks({ db, outbox, waiting, clock })
  const profiles = createProfiles({ db, outbox, tasks, clock })
  const work = createWork({ outbox, waiting, clock })
  const sweep = createSweeper({ outbox, waiting, clock, log })
  const tellSilence = createSilence({ outbox, clock })

  const events: Component = { check: async () => {}, figures: outbox.figures, close: () => streams.close() }
  const app = createServiceApp({
    ...base,
    name: 'agent-orchestrator',
    description: 'Keeps the agents, what each can do, and the tasks they work on.',
    components: { postgres, redis, events },
  })
  const orchestration = { profiles, tasks, work, heartbeats, statuses, waiting }
  agentRoutes(app.http, orchestration)
  taskRoutes(app.http, orchestration)
  workRoutes(app.http, orchestration)
  commandRoutes(app.http, orchestration)
  specificationRoutes(app.http, orchestration)

  const repeated = {
    flush: { everyMs: FLUSH_EVERY_MS, run: heartbeats.flush },
    sweep: { everyMs: SWEEP_EVERY_MS, run: sweep },
    silence: { everyMs: SWEEP_EVERY_MS, run: tellSilence },
  }
  app.http.addHook('onReady', async () => {
    outbox.start()
    const running = Object.entries(repeated).map(([name, each]) => repeat({ name, clock, log, ...each }))
    // Before the stores are closed.
    app.http.addHook('onClose', async () => {
      await Promise.all(running.map(({ stop }) => stop()))
      await heartbeats.flush()
      await outbox.stop()
    })
  })
  // Who waits is answered with what there is: a stop does not wait for them.
  app.http.addHook('preClose', async () => waiting.end())
  return app
}
