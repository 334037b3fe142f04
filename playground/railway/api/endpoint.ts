import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, Kind, parse, validate } from 'graphql'
import type { Log } from '#src/kernel/log.ts'
import type { Upset, Upsets } from '../faults/upsets.ts'
import { createAccess } from './access.ts'
import type { Platform } from './api.ts'
import { type ErrorCode, presentError, traceId } from './graphql-errors.ts'

export const apiPath = '/railway/graphql/v2'

export interface EndpointGiven {
  readonly platform: Platform
  readonly schema: GraphQLSchema
  readonly upsets: Upsets
  readonly log: Log
}

interface Body {
  readonly query?: unknown
  readonly variables?: Readonly<Record<string, unknown>> | null
  readonly operationName?: string | null
}

/** `POST /graphql/v2`, as it answers from behind Cloudflare. */
export function routeApi(server: FastifyInstance, given: EndpointGiven): void {
  server.post<{ Body: Body | null }>(apiPath, async (request, reply) => {
    await given.upsets.thaw()
    if (!admit(given.platform, request, reply)) return reply
    const document = read(request.body, given, reply)
    if (!document) return reply
    return answer(given, document, request, reply)
  })
}

/** Cloudflare's rules, then Railway's limits. False where the request was answered by that. */
function admit({ limits }: Platform, request: FastifyRequest, reply: FastifyReply): boolean {
  if (!request.headers['user-agent']) {
    void reply.code(403).type('text/html').send(page('Access denied', '1010'))
    return false
  }
  const verdict = limits.take(callerOf(request), request.url.includes('?'))
  if (verdict.kind === 'banned') {
    void reply
      .code(429)
      .header('retry-after', String(verdict.retryAfterSeconds))
      .type('text/html')
      .send(page('You are being rate limited', '1015'))
    return false
  }
  void reply.headers(verdict.headers)
  if (verdict.kind === 'limited') void reply.code(429).send(errorBody('Rate limit exceeded'))
  return verdict.kind === 'pass'
}

/** The token, of whatever kind; the address of those who have none. */
function callerOf({ headers, ip }: FastifyRequest): string {
  return String(headers['project-access-token'] ?? headers.authorization?.replace(/^Bearer /i, '') ?? ip)
}

function read(body: Body | null, { schema, log }: EndpointGiven, reply: FastifyReply): DocumentNode | undefined {
  const refuse = (errors: readonly GraphQLError[], code: ErrorCode) =>
    void reply.code(400).send({ errors: errors.map((error) => presentError(error, log, code)) })
  if (typeof body?.query !== 'string') return void refuse([new GraphQLError('Must provide query string.')], 'BAD_USER_INPUT')
  let document: DocumentNode
  try {
    document = parse(body.query)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    return void refuse([error], 'GRAPHQL_PARSE_FAILED')
  }
  const errors = validate(schema, document)
  if (errors.length > 0) return void refuse(errors, 'GRAPHQL_VALIDATION_FAILED')
  return document
}

async function answer(given: EndpointGiven, document: DocumentNode, request: FastifyRequest<{ Body: Body | null }>, reply: FastifyReply) {
  const { platform, schema, upsets, log } = given
  const upset = upsets.take(namesIn(document))
  if (upset && !upset.kind.startsWith('commit-')) return spoil(upset, upsets, reply)
  const { errors, ...result } = await execute({
    schema,
    document,
    variableValues: request.body?.variables,
    operationName: request.body?.operationName,
    contextValue: { ...platform, access: createAccess(platform.world, request.headers) },
  })
  if (upset) return spoil(upset, upsets, reply)
  // without data, nothing ran: the variables did not fit
  const code = 'data' in result ? 'INTERNAL_SERVER_ERROR' : 'BAD_USER_INPUT'
  return reply.send({ ...(errors ? { errors: errors.map((error) => presentError(error, log, code)) } : {}), ...result })
}

/** Operation names and root fields. */
function namesIn(document: DocumentNode): string[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return []
    const fields = definition.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []))
    return definition.name ? [definition.name.value, ...fields] : fields
  })
}

function spoil({ kind, retryAfterSeconds }: Upset, upsets: Upsets, reply: FastifyReply): FastifyReply {
  switch (kind) {
    case 'rate-limit':
      return reply.code(429).header('retry-after', String(retryAfterSeconds)).send(errorBody('Rate limit exceeded'))
    case 'server-error':
      return reply.code(503).send(errorBody('Service Unavailable'))
    case 'html':
      return reply.code(502).type('text/html').send(page('Bad gateway', '502'))
    case 'refuse':
      return reply.send({ ...errorBody('Not Authorized'), data: null })
    case 'graphql-error':
    case 'commit-then-graphql-error':
      return reply.send({ ...errorBody('Problem processing request'), data: null })
    case 'cut':
    case 'commit-then-cut':
      reply.hijack().raw.destroy()
      return reply
    case 'timeout':
    case 'commit-then-timeout':
      reply.hijack()
      upsets.hold(() => reply.raw.destroy())
      return reply
  }
}

function errorBody(message: string) {
  return { errors: [{ message, extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: traceId() } }] }
}

function page(title: string, code: string): string {
  return `<!DOCTYPE html><html><head><title>${title} | backboard.railway.com | Cloudflare</title></head><body><h1>Error ${code}</h1><p>error code: ${code}</p></body></html>`
}
