import { z } from 'zod'

/** OpenTelemetry's own names. https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  /** The share of traces that begin here and are kept; one that began elsewhere is kept if it is there. */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'must be a share from 0 to 1')
    .transform(Number)
    .default(1),
}

export type TracingConfig = z.output<z.ZodObject<typeof tracingVariables>>
