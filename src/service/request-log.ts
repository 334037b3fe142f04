import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** One line per request, at debug, with the route and not the URL: a query string may hold what is nobody's business. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const fields = { method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    request.log.debug(error ? { ...fields, err: error } : fields, 'answered')
  }
}
