import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, SpanKind as Kind, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Log } from '#src/kernel/log.ts'
import { carrierOf, contextOf } from './carrier.ts'
import { createExporter } from './exporter.ts'
import { resourceOf } from './resource.ts'
import type { OpenSpan, SpanKind, SpanOptions, Tracing } from './tracing.ts'

export interface TracingDeps {
  /** Of an OTLP collector over HTTP: `http://collector:4318`. */
  readonly endpoint: string
  readonly service: string
  readonly version: string
  /** The share of traces that begin here and are kept, 0 to 1. */
  readonly share: number
  readonly log: Log
}

const KINDS: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
  internal: Kind.INTERNAL,
}

const CLOSE_MS = 2_000
/** Beyond it spans are dropped: a collector that is away costs no memory. */
const MOST_WAITING = 2_048
const SEND_EVERY_MS = 1_000

/** OpenTelemetry, without its globals: spans know each other by what runs inside of what. */
export function createTracing({ endpoint, service, version, share, log }: TracingDeps): Tracing {
  const exporter = createExporter(endpoint, log)
  const processor = new BatchSpanProcessor({ exporter, maxQueueSize: MOST_WAITING, scheduledDelayMillis: SEND_EVERY_MS })
  const provider = new TracerProvider({
    resource: resourceOf({ 'service.name': service, 'service.namespace': 'helix', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('helix', version)
  const current = new AsyncLocalStorage<Context>()

  function start(name: string, { kind = 'internal', attributes = {}, from }: SpanOptions): OpenSpan {
    const parent = from ? contextOf(from) : (current.getStore() ?? ROOT_CONTEXT)
    const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent)
    const inside = trace.setSpan(parent, span)
    return {
      set: (more) => void span.setAttributes(more),
      run: (work) => current.run(inside, work),
      end(failure) {
        if (failure !== undefined) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

  return {
    start,
    async span(name, options, work) {
      const span = start(name, options)
      try {
        const result = await span.run(() => work(span))
        span.end()
        return result
      } catch (error) {
        span.end(error instanceof Error ? error.name : 'unknown')
        throw error
      }
    },
    carry() {
      const span = trace.getSpan(current.getStore() ?? ROOT_CONTEXT)
      return span ? carrierOf(span.spanContext()) : {}
    },
    async close() {
      await provider.forceFlush({ timeoutMillis: CLOSE_MS }).catch((err) => log.debug({ err }, 'the last spans were not sent'))
    },
  }
}
