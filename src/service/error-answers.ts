import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRedisAway } from '#src/adapters/redis/redis-away.ts'
import { isUnstorableText } from '#src/adapters/store/data-fault.ts'
import { provider as database } from '#src/adapters/store/wary-pool.ts'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { Refusal } from './refusal.ts'
import { InvalidRequest } from './request-schemas.ts'

/** Every refusal is `{"detail": …}`, as Helix clients expect; what is not foreseen is a 500 with an incident id and nothing of the inside. */
export function errorAnswers(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: 'Not Found' }))
  app.setErrorHandler(answerError)
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refusal) return reply.code(error.status).headers(error.headers).send({ detail: error.message })
  if (error instanceof InvalidRequest) return reply.code(422).send({ detail: error.faults })
  if (error instanceof UserError) return reply.code(400).send({ detail: error.message })
  if (error instanceof UpstreamError) {
    request.log.warn({ err: error, fault: error.fault }, 'a provider did not do what was asked')
    // A database that does not answer is away, whatever became of the request: the sentence says that it may have been done.
    const isAway = error.fault.retryable || error.fault.provider === database
    return reply.code(isAway ? 503 : 502).send({ detail: error.message })
  }
  if (isRedisAway(error)) {
    request.log.warn({ err: error }, 'Redis could not be asked')
    return reply.code(503).send({ detail: 'Redis cannot be reached at the moment. Try again soon.' })
  }
  if (isUnstorableText(error)) return reply.code(422).send({ detail: 'The request holds characters that cannot be kept, such as NUL.' })
  const refusal = clientFault(error)
  if (refusal) return reply.code(refusal.status).send({ detail: refusal.message })
  const incident = randomUUID()
  request.log.error({ err: error, incident }, 'request failed')
  return reply.code(500).send({ detail: `Something went wrong here, and it is our fault. Report it with incident ${incident}.`, incident })
}

/** Fastify's own refusals: too large, unknown media type, no JSON (which is a 422 for Helix clients, like all that does not fit). */
function clientFault(error: unknown): { status: number; message: string } | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined
  const { statusCode, code, message } = error
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined
  const isUnreadable = statusCode === 400 && String(code).startsWith('FST_ERR_CTP_')
  return { status: isUnreadable ? 422 : statusCode, message }
}
