import { createHash } from 'node:crypto'
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

/**
 * The key under which a sender says by itself what the same event is: who signs anew, with another time, sends other bytes for it. It is read
 * from the body and not from a header, as only the body is signed: what is captured carries its key, and is a replay.
 */
export function senderKey(payload: unknown): string | undefined {
  const key = typeof payload === 'object' && payload !== null && 'idempotency_key' in payload ? payload.idempotency_key : undefined
  return typeof key === 'string' && key !== '' ? createHash('sha256').update(`sender\n${key}`).digest('base64url') : undefined
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
