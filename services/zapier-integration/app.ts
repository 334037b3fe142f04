import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import type { ServiceDatabase } from '#src/adapters/store/create-database.ts'
import type { Component } from '#src/service/component.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import type { Streams } from '#src/streams/streams.ts'
import type { Hooks } from './hooks/hooks.ts'
import { writeArrivals } from './inbox/accept.ts'
import { createInbox, type InboxLimits } from './inbox/inbox.ts'
import { hookStates } from './reading/status.ts'
import { readingRoutes } from './routes/reading.ts'
import { ruleRoutes } from './routes/rules.ts'
import { createSend, sendingRoutes } from './routes/sending.ts'
import { testRoutes } from './routes/test.ts'
import { webhookRoutes } from './routes/webhook.ts'
import type { Tables } from './tables.ts'
import { createWorkers } from './workers.ts'

export interface ZapierIntegrationDeps {
  readonly postgres: ServiceDatabase<Tables>
  readonly redis: RedisConnection
  readonly streams: Streams
  /** `ZAPIER_SECRET`: what comes in is signed with it, and what goes out. */
  readonly secret: string
  readonly hooks: Hooks
  /** Webhooks a minute of one address. */
  readonly webhooksPerMinute: number
  readonly base: ServiceBase
  readonly inboxLimits?: Partial<InboxLimits>
}

/** Webhooks from Zapier and to it. */
export function createZapierIntegration(deps: ZapierIntegrationDeps): ServiceApp {
  const { postgres, redis, streams, secret, hooks, webhooksPerMinute, base, inboxLimits } = deps
  const { clock, log, mesh } = base
  const { db } = postgres
  const workers = createWorkers({ db, redis, streams, mesh, hooks, secret, clock, log, random: Math.random })
  const inbox = createInbox({
    write: (arrivals) => writeArrivals(db, arrivals, clock.now()),
    onAccepted: workers.wake,
    sleep: (ms) => clock.sleep(ms),
    log,
    ...(inboxLimits && { limits: inboxLimits }),
  })
  const queue: Component = {
    check: async () => {},
    figures: () => ({ ...inbox.figures(), ...workers.figures() }),
    close: () => streams.close(),
  }
  const app = createServiceApp({
    ...base,
    name: 'zapier-integration',
    description: 'Takes in events from Zapier and sends out triggers and actions.',
    components: { postgres, redis, queue, ...hookStates(hooks) },
  })
  const { http } = app
  const send = createSend(inbox, clock)
  webhookRoutes(http, { inbox, send, secret, perMinute: webhooksPerMinute, clock })
  sendingRoutes(http, send)
  readingRoutes(http, { db, hooks, clock, wake: workers.wake })
  ruleRoutes(http, { db, clock })
  testRoutes(http, { health: app.health, secret, clock })
  http.addHook('onReady', async () => workers.start())
  // Before the stores are closed.
  http.addHook('onClose', () => workers.stop())
  return app
}
