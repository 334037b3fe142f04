import { storableValue } from '#src/adapters/store/storable.ts'
import { InvalidRequest } from '#src/service/request-schemas.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a body as JSON (RFC 8259; of a name that comes twice, the last counts). Throws InvalidRequest for what is none, for what is not
 * UTF-8, and for what PostgreSQL cannot keep: NUL, half of a surrogate pair, nesting without end.
 */
export function readPayload(body: Buffer): unknown {
  const payload = storableValue.safeParse(parse(body))
  if (payload.success) return payload.data
  throw invalid(`The body ${payload.error.issues[0]?.message ?? 'cannot be kept'}.`)
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body))
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('The body is not JSON.')
    if (error instanceof TypeError) throw invalid('The body is not UTF-8.')
    throw error
  }
}

function invalid(msg: string): InvalidRequest {
  return new InvalidRequest([{ loc: ['body'], msg, type: 'json_invalid' }])
}
