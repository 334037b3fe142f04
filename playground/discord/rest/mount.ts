import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '#src/kernel/log.ts'
import { Refused } from '../refusals.ts'
import { sizeLimits } from '../uploads.ts'
import type { RateLimits } from './rate-limits.ts'
import { readBody } from './request-body.ts'
import type { Answer, Route } from './route.ts'
import type { Troubles } from './troubles.ts'

export interface MountDeps {
  readonly log: Log
  /** The account that an Authorization header stands for. Refuses 401. */
  authenticate(authorization: string | undefined, userAgent: string | undefined, needed: boolean): string
  /** Left out: nothing is limited. */
  readonly limits?: RateLimits
  /** Left out: nothing goes wrong. */
  readonly troubles?: Troubles
  /** A request that was answered. */
  record?(line: { method: string; path: string; body: unknown; status: number; response: unknown }): void
  /** A route that is not emulated was asked for. */
  unserved(route: string): void
}

type Server = Pick<
  FastifyInstance,
  'route' | 'setNotFoundHandler' | 'setErrorHandler' | 'removeAllContentTypeParsers' | 'addContentTypeParser'
>

/** Serves routes as Discord does: authorization, rate limits, body, the route itself, then the recording. */
export function mountRoutes(server: Server, routes: readonly Route[], deps: MountDeps): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: sizeLimits.request }, (_request, body, done) => done(null, body))
  for (const route of routes) {
    server.route({ method: route.method, url: route.path, handler: (request, reply) => serve(route, request, reply, deps) })
  }
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.replace(/\?.*/, '')
    deps.unserved(`${request.method} ${path}`)
    deps.log.warn({ method: request.method, path }, 'a route that the playground does not emulate')
    const answer = refusal(new Refused('unserved'))
    deps.record?.({ method: request.method, path, body: undefined, status: answer.status, response: answer.body })
    await send(reply, answer)
  })
  server.setErrorHandler(async (error: { code?: string; statusCode?: number }, _request, reply) => {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return send(reply, refusal(new Refused('requestTooLarge')))
    // What Fastify cannot read as a request at all, such as a malformed Content-Type.
    if ((error.statusCode ?? 500) < 500) return send(reply, refusal(new Refused('invalidForm', { errors: {} })))
    deps.log.error({ error }, 'the emulated Discord failed')
    return send(reply, { status: 500, body: { message: '500: Internal Server Error', code: 0 } })
  })
}

async function serve(route: Route, request: FastifyRequest, reply: FastifyReply, deps: MountDeps): Promise<void> {
  const path = request.url.replace(/^\/api\/v\d+/, '').replace(/\?.*/, '')
  const params = request.params as Readonly<Record<string, string>>
  let body: unknown
  let limited: Readonly<Record<string, string>> = {}
  const attempt = async (): Promise<Answer> => {
    const { authorization, 'user-agent': userAgent, 'content-type': contentType } = request.headers
    const account = deps.authenticate(authorization, userAgent, route.authorization === 'account')
    deps.troubles?.refuse(request.method, path)
    limited = deps.limits?.take(route, majorOf(params)) ?? {}
    const read = await readBody(request.body as Buffer | undefined, contentType)
    body = read.body
    await deps.troubles?.before(request.method, path)
    return route.run({ params, query: request.query as Readonly<Record<string, string>>, account, ...read })
  }
  const answer = await attempt().catch((error: unknown) => {
    if (error instanceof Refused) return refusal(error)
    throw error
  })
  deps.record?.({ method: request.method, path: request.url, body, status: answer.status, response: answer.body })
  const ending = await deps.troubles?.after(request.method, path, reply.raw)
  if (ending === 'unanswered') {
    reply.hijack()
    return
  }
  reply.headers(limited)
  await send(reply, answer)
}

function send(reply: FastifyReply, { status, body, headers }: Answer & { readonly headers?: Readonly<Record<string, string>> }) {
  if (headers) reply.headers(headers)
  reply.code(status)
  return body === undefined ? reply.send() : reply.type('application/json').send(JSON.stringify(body))
}

function refusal(refused: Refused): Answer & { readonly headers: Readonly<Record<string, string>> } {
  const { retryAfter = 1, headers = {} } = refused.details
  const again = refused.status === 429 ? { 'retry-after': String(Math.ceil(retryAfter)) } : {}
  return { status: refused.status, body: refused.body, headers: { ...again, ...headers } }
}

/** What limits are counted by: https://docs.discord.com/developers/topics/rate-limits */
function majorOf(params: Readonly<Record<string, string>>): string {
  return params.channel ?? params.token ?? params.guild ?? ''
}
