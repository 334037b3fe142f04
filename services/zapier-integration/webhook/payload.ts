import type { FastifyInstance } from 'fastify'
import { storableValue } from '#src/adapters/store/storable.ts'
import { parseExact } from '#src/kernel/exact-json.ts'
import { readJson } from '#src/kernel/read-json.ts'
import { InvalidRequest } from '#src/service/request-schemas.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a body as JSON (RFC 8259; of a name that comes twice, the last counts; numbers keep their digits). Throws InvalidRequest for what is none, for what is not
 * UTF-8, and for what PostgreSQL cannot keep: NUL, half of a surrogate pair, nesting without end.
 */
export function readPayload(body: Buffer): unknown {
  const text = decode(body)
  const payload = storableValue.safeParse(parse(text))
  if (payload.success) return parseExact(text)
  throw invalid(`The body ${payload.error.issues[0]?.message ?? 'cannot be kept'}.`)
}

/** From here on a scope's routes get the bodies of their requests read so. */
export function readsPayloads(scope: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => readPayload(body))
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch (error) {
    if (error instanceof TypeError) throw invalid('The body is not UTF-8.')
    throw error
  }
}

function parse(text: string): unknown {
  const value = readJson(text)
  if (value === undefined) throw invalid('The body is not JSON.')
  return value
}

function invalid(msg: string): InvalidRequest {
  return new InvalidRequest([{ loc: ['body'], msg, type: 'json_invalid' }])
}
