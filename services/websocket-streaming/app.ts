import { randomUUID } from 'node:crypto'
import type { RedisConnection } from '#src/adapters/redis/redis.ts'
import { createScales } from '#src/consciousness/scales.ts'
import { channels } from '#src/kernel/channels.ts'
import { repeat } from '#src/kernel/repeat.ts'
import type { Component } from '#src/service/component.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { ServiceBase } from '#src/service/service-base.ts'
import type { Streams } from '#src/streams/streams.ts'
import { createRoster } from './clients/roster.ts'
import { createSession, type SessionDeps } from './clients/session.ts'
import { createSessions } from './clients/sessions.ts'
import { createSubscriptions } from './clients/subscriptions.ts'
import { createCounts } from './counts.ts'
import { streamingFigures } from './figures.ts'
import { createHub } from './hub.ts'
import { limits as defaults, type StreamingLimits } from './limits.ts'
import { createReadings } from './readings/readings.ts'
import { hearScale } from './readings/scale-of.ts'
import { clientRoutes } from './routes/clients.ts'
import { readingRoutes } from './routes/readings.ts'
import { upgradeRoutes } from './routes/upgrade.ts'

export interface WebsocketStreamingDeps {
  readonly redis: RedisConnection
  readonly streams: Streams
  readonly base: ServiceBase
  readonly limits?: Partial<StreamingLimits>
}

const REPORT_EVERY_MS = 5_000
const START_PATIENCE_MS = 2_000

/** The consciousness stream, and every other channel, for programs and pages that listen. */
export function createWebsocketStreaming({ redis, streams, base, limits: given }: WebsocketStreamingDeps): ServiceApp {
  const { clock, log, tokens, corsOrigins } = base
  const limits = { ...defaults, ...given }
  const replica = randomUUID()
  const counts = createCounts()
  const hub = createHub(clock, counts)
  const sessions = createSessions(limits)
  const subscriptions = createSubscriptions({ hub, streams, limits, counts, log })
  const roster = createRoster({ replica, redis, streams, sessions, clock, log })
  const readings = createReadings({ redis, streams, clock })
  const scales = createScales()

  // Begins by itself when Redis comes.
  const listening = streams.subscribe(
    Object.values(channels),
    (entry) => {
      if (entry.channel === channels.consciousnessStream) hearScale(scales, entry.message)
      if (entry.channel === channels.streamingClients) roster.heard(entry.message)
      hub.entry(entry)
    },
    hub.gap,
  )
  const ticks = repeat({
    name: 'clients',
    everyMs: limits.tickMs,
    clock,
    log,
    async run() {
      for (const session of sessions.all) session.tick()
    },
  })
  const reports = repeat({ name: 'client list', everyMs: REPORT_EVERY_MS, clock, log, run: roster.report })

  const clients: Component = {
    check: async () => {},
    figures: () => ({ connected: sessions.admitted }),
    close: () => ticks.stop(),
  }
  const store: Component = {
    check: redis.check,
    async close() {
      await reports.stop()
      await roster.leave()
      await (await listening).stop()
      await streams.close()
      await redis.close()
    },
  }
  const app = createServiceApp({
    ...base,
    name: 'websocket-streaming',
    description: 'Streams consciousness readings and service events to whoever listens.',
    components: { redis: store, clients },
    registerFigures: streamingFigures({ counts, sessions, hub }),
  })

  // Who connects to a service that is there misses nothing from then on, unless Redis is away.
  app.http.addHook('onReady', async () => {
    const begun = new AbortController()
    await Promise.race([listening.then(() => begun.abort()), clock.sleep(START_PATIENCE_MS, begun.signal)])
  })

  const session: SessionDeps = {
    replica,
    tokens,
    sessions,
    subscriptions,
    limits,
    counts,
    clock,
    log,
    onOpen: roster.opened,
    onEnd(ended, code) {
      const name = code === 1006 ? 'lost' : `${code}`
      counts.closed.set(name, (counts.closed.get(name) ?? 0) + 1)
      roster.ended(ended, code)
    },
    async administer(message, by) {
      if (message.type === 'clients') return { type: 'clients', ...(await roster.list()) }
      const { connection, client_id, reason } = message
      const found = await roster.disconnect({ connection, client_id }, by.principal?.subject ?? '', reason)
      return found > 0 ? { type: 'disconnecting', clients: found } : { type: 'error', detail: 'There is no such client.' }
    },
  }
  upgradeRoutes({ app, sessions, corsOrigins, frameBytes: limits.frameBytes, open: (arrival) => createSession(arrival, session) })
  readingRoutes({ http: app.http, readings, scales, clock })
  clientRoutes(app.http, roster)
  return app
}
