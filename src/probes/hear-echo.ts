import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type Line, under } from './ask.ts'
import { failureOf, ProbeFailure, statusFailure } from './probe-failure.ts'

const PATH = '/ws/consciousness'
const MOST_BYTES = 64 * 1024
/** The stream may be busy: its own messages come before the echo. */
const MOST_MESSAGES = 1_000

/** Connects as any listener does, with a token, says a word and hears it again: the service gives back what a client sends. Throws ProbeFailure. */
export async function hearEcho({ url, token, signal }: Line, word: string): Promise<void> {
  const at = under(url, PATH)
  at.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  at.searchParams.set('client_id', word)
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const socket = new WebSocket(at, { headers, maxPayload: MOST_BYTES, perMessageDeflate: false, followRedirects: false })
  const ended = new AbortController()
  const over = AbortSignal.any([signal, ended.signal])
  const refusal = Promise.withResolvers<never>()
  socket.on('unexpected-response', (request, { statusCode = 0 }) => {
    refusal.reject(statusFailure(statusCode, PATH))
    request.destroy()
  })
  socket.on('error', (error) => refusal.reject(failureOf(error, signal.aborted)))
  socket.on('close', (code) => refusal.reject(closedWith(code)))
  try {
    await Promise.race([once(socket, 'open', { signal: over }), refusal.promise])
    const heard = echoOf(socket, word)
    socket.send(word)
    await Promise.race([heard, refusal.promise, aborted(over)])
  } catch (error) {
    throw failureOf(error, signal.aborted)
  } finally {
    refusal.promise.catch(() => undefined) // Decided: what still comes concerns nobody.
    ended.abort()
    socket.terminate()
  }
}

function echoOf(socket: WebSocket, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = 0
    socket.on('message', (data) => {
      if (String(data) === `Echo: ${word}`) resolve()
      heard += 1
      if (heard > MOST_MESSAGES) reject(new ProbeFailure('unexpected answer', 'It sends messages, but does not give back what it is sent.'))
    })
  })
}

/** Closed by the service: 4401 and 1008 stand for a refused token. https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
function closedWith(code: number): ProbeFailure {
  if (code === 1008 || code === 4401 || code === 4403) {
    return new ProbeFailure('not authorised', `${PATH} refused the token (closed with ${code}): both sides need the same secret.`)
  }
  return new ProbeFailure('connection lost', `${PATH} closed the connection (${code}).`)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
