import type { FastifyInstance } from 'fastify'
import { readJson } from '#src/kernel/read-json.ts'
import { Refusal } from './refusal.ts'

/**
 * JSON bodies, as Fastify reads them (with its guard against `__proto__` and `constructor.prototype`), but for the empty one: clients whose
 * session sends `Content-Type: application/json` with everything have no body there, and a DELETE of theirs is one like any other.
 */
export function jsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    if (text.length === 0) done(null, undefined)
    else parse(request, text, (error, value) => done(error && readJson(text) !== undefined ? forbiddenKey() : error, value))
  })
}

/** It is JSON: what was refused is a key, and the guard's own error does not say so. */
function forbiddenKey(): Refusal {
  return new Refusal(422, 'The body has a key that is not taken: "__proto__", or "constructor" with "prototype" in it.')
}
