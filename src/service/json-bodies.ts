import type { FastifyInstance } from 'fastify'

/**
 * JSON bodies, as Fastify reads them (with its guard against `__proto__` and `constructor.prototype`), but for the empty one: clients whose
 * session sends `Content-Type: application/json` with everything have no body there, and a DELETE of theirs is one like any other.
 */
export function jsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else parse(request, body.toString(), done)
  })
}
