import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Log } from '#src/kernel/log.ts'

const SEND_MS = 5_000

/** Sends spans as OTLP/JSON; a collector that is away is said once when it begins and once when it ends. https://opentelemetry.io/docs/specs/otlp/ */
export function createExporter(endpoint: string, log: Log): SpanExporter {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: SEND_MS })
  let away = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined || result.code !== 0
        if (failed && !away) log.warn({ err: result.error }, 'spans cannot be sent: those of now are lost, later ones are tried')
        if (!failed && away) log.info({}, 'spans are sent again')
        away = failed
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  }
}
