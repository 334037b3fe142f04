import type { Attributes } from '@opentelemetry/api'
import type { TracerProviderOptions } from '@opentelemetry/sdk-trace'

type Resource = NonNullable<TracerProviderOptions['resource']>

/** Whose spans these are. https://opentelemetry.io/docs/specs/semconv/resource/ */
export function resourceOf(attributes: Attributes): Resource {
  return {
    attributes,
    merge: (other) => resourceOf({ ...attributes, ...other?.attributes }),
    getRawAttributes: () => Object.entries(attributes),
  }
}
