import type { IncomingMessage, ServerResponse } from 'node:http'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyServerOptions,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify'
import { z } from 'zod'

/** One thing wrong with a request, in the shape that Helix clients know (FastAPI's). */
export interface RequestFault {
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly type: string
}

export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequest'
  readonly faults: readonly RequestFault[]
  constructor(faults: readonly RequestFault[]) {
    super('The request is not as it must be.')
    this.faults = faults
  }
}

/** Handlers see what a route's schemas say: `schema: { body: z.object(…) }` types `request.body`, `response: { 200: … }` the answer. */
export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}

export type ServiceHttp = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypes>

const PLACES: Record<string, string> = { body: 'body', querystring: 'query', params: 'path', headers: 'header' }

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>
type Compilers = NonNullable<SchemaController['compilersFactory']>

/** Route schemas are zod's: `schema: { body: z.object(…) }`. Fastify's own compilers (85 files of ajv) are not even loaded. */
export const zodSchemas: SchemaController = {
  // Fastify's types know ajv's compilers only; at run time any that answers {value} or {error} will do.
  compilersFactory: { buildValidator: () => validatorOf, buildSerializer: () => serializerOf } as unknown as Compilers,
}

const validatorOf: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError(`The schema of ${httpPart} is not zod's`)
  return (value: unknown) => {
    const result = schema.safeParse(value)
    if (result.success) return { value: result.data }
    const place = PLACES[httpPart ?? ''] ?? 'request'
    const faults = result.error.issues.map(({ path, message, code }) => ({ loc: [place, ...path.map(pathStep)], msg: message, type: code }))
    return { error: new InvalidRequest(faults) }
  }
}

/** An answer leaves as its schema says: what is not in it stays here, and one that does not fit is a bug of ours (a 500), never sent. */
const serializerOf = ({ schema }: { readonly schema: unknown }) => {
  if (!(schema instanceof z.ZodType)) return JSON.stringify
  return (value: unknown) => JSON.stringify(schema.parse(value))
}

function pathStep(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? String(step) : step
}
