import type { FastifyInstance } from 'fastify'
import type { Histogram, Registry } from 'prom-client'

interface Observation {
  readonly labels: { readonly method: string; readonly route: string; readonly status: string }
  readonly seconds: number
}

interface Instruments {
  readonly registry: Registry
  readonly duration: Histogram
}

/** Adds figures to those of every service; called once, when prom-client is loaded. */
export type RegisterFigures = (prom: typeof import('prom-client'), registry: Registry) => void

/** Observations kept before prom-client is loaded for their sake. */
const MOST_WAITING = 1_000

/**
 * `GET /metrics` for Prometheus: the process, and requests by method, route pattern and status (`_count` is how many).
 * prom-client costs 40 ms and 5 MB, so it is loaded when it is first asked.
 */
export function httpMetrics(app: FastifyInstance, service: string, figures: readonly RegisterFigures[]): void {
  let waiting: Observation[] = []
  let instruments: Promise<Instruments> | undefined

  async function record(): Promise<Instruments> {
    instruments ??= createInstruments(service, figures)
    const ready = await instruments
    const observations = waiting
    waiting = []
    for (const { labels, seconds } of observations) ready.duration.observe(labels, seconds)
    return ready
  }

  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) }
    waiting.push({ labels, seconds: reply.elapsedTime / 1_000 })
    if (instruments || waiting.length >= MOST_WAITING) await record()
  })

  app.get(
    '/metrics',
    { config: { open: true, ratePerMinute: false }, schema: { summary: 'Figures for Prometheus, as text' } },
    async (_request, reply) => {
      const { registry } = await record()
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  )
}

async function createInstruments(service: string, figures: readonly RegisterFigures[]): Promise<Instruments> {
  const prom = await import('prom-client')
  const { collectDefaultMetrics, Histogram, Registry } = prom
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 1, 2.5, 10],
    registers: [registry],
  })
  for (const register of figures) register(prom, registry)
  return { registry, duration }
}
