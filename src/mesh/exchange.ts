/** What a peer answered, whatever it says. */
export interface PeerAnswer {
  readonly status: number
  readonly text: string
  readonly retryAfterMs: number | undefined
}

/** The peer did not do its part: no connection, no answer, half an answer, or one with 5xx. Never carries what was sent or answered. */
export class PeerFailure extends Error {
  override readonly name = 'PeerFailure'
  readonly why: 'unreachable' | 'late' | 'cut' | 'flood' | 'redirect' | 'server error'
  readonly answer: PeerAnswer | undefined
  constructor(why: PeerFailure['why'], answer?: PeerAnswer) {
    super(why)
    this.why = why
    this.answer = answer
  }
}

export interface Exchange {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Aborted with `late` as its reason when the time is over; with any other when the caller gave up. */
  readonly signal: AbortSignal
  /** Of an answer's body. */
  readonly mostBytes: number
}

/** The reason of a signal that ends an exchange because its time is over. */
export const late = Symbol('late')

/** Node's codes of a connection that was never made: nothing was sent. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** One request and its answer. Throws PeerFailure; whatever the signal was aborted with where the caller gave up. */
export async function exchange({ url, method, headers, body, signal, mostBytes }: Exchange): Promise<PeerAnswer> {
  try {
    // A redirect would carry the token to wherever the answer says.
    const response = await fetch(url, { method, headers, signal, redirect: 'manual', ...(body !== undefined && { body }) })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new PeerFailure('redirect')
    }
    const answer = { status: response.status, text: await readText(response, mostBytes), retryAfterMs: retryAfter(response.headers) }
    if (answer.status >= 500) throw new PeerFailure('server error', answer)
    return answer
  } catch (error) {
    if (error instanceof PeerFailure) throw error
    if (signal.aborted && signal.reason !== late) throw signal.reason
    if (signal.aborted) throw new PeerFailure('late')
    throw new PeerFailure(neverConnected.has(codeOf(error)) ? 'unreachable' : 'cut')
  }
}

/** Counted as it is unpacked: a small body can hold a large one. */
async function readText(response: Response, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the body, and with it the connection.
    if (bytes > mostBytes) throw new PeerFailure('flood')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** In seconds; the form with a date is nobody's in the mesh. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfter(headers: Headers): number | undefined {
  const given = headers.get('retry-after')
  return given !== null && /^\d{1,6}$/.test(given) ? Number(given) * 1_000 : undefined
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  // Node tries each address of a name, and then throws what all of them threw.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  const { code } = (first ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
