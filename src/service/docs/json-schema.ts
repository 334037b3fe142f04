import { z } from 'zod'

/** As much of JSON Schema (2020-12) as is looked into; the rest passes through. */
export interface JsonSchema {
  readonly type?: unknown
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly [keyword: string]: unknown
}

/** A zod schema as a client may send it (`input`) or gets it (`output`). */
export function jsonSchemaOf(schema: unknown, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema as z.ZodType, { io, unrepresentable: 'any', override: asJson })
  return rest as JsonSchema
}

/** A date leaves as text, by `JSON.stringify`. */
function asJson({ zodSchema, jsonSchema }: { readonly zodSchema: unknown; readonly jsonSchema: Record<string, unknown> }): void {
  if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
}
