import type { TracingConfig } from '#src/config/tracing-variables.ts'
import type { Log } from '#src/kernel/log.ts'
import { noTracing, type Tracing } from './tracing.ts'

export interface TracingOwner {
  readonly config: TracingConfig
  /** `service.name` of its spans. */
  readonly service: string
  readonly version: string
  readonly log: Log
}

/** Traces where a collector is named; OpenTelemetry (28 MB on disk) is loaded only then. */
export async function openTracing({ config, ...owner }: TracingOwner): Promise<Tracing> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
  if (endpoint === undefined) return noTracing
  const { createTracing } = await import('./create-tracing.ts')
  return createTracing({ ...owner, endpoint, share: config.OTEL_TRACES_SAMPLER_ARG })
}
