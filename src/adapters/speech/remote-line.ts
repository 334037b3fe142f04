import { WebSocket } from 'ws'
import { UpstreamError } from '#src/kernel/errors.ts'
import { audioFrame, type ClientMessage, type ServiceMessage, serviceMessage } from '#src/speech/wire.ts'

export const provider = 'voice-processor'
const CONNECT_LIMIT_MS = 5_000

/** One connection to `WS /ws/transcribe`. */
export interface RemoteLine {
  say(message: ClientMessage): void
  audio(utterance: number, packet: Uint8Array): void
  /** Not yet sent, in bytes. */
  readonly unsent: number
  close(): void
}

export interface RemoteLineDeps {
  /** `ws://…/ws/transcribe` */
  readonly url: string
  token(): Promise<string>
  onMessage(message: ServiceMessage): void
  /** Once, with why; after it nothing comes. */
  onClose(reason: UpstreamError): void
}

/** Resolves when the service has taken the token. Throws UpstreamError. */
export async function openRemoteLine({ url, token, onMessage, onClose }: RemoteLineDeps): Promise<RemoteLine> {
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${await token()}` },
    handshakeTimeout: CONNECT_LIMIT_MS,
    perMessageDeflate: false,
  })
  await ready(socket)
  socket.on('message', (data) => {
    const message = read(data.toString())
    if (message) onMessage(message)
  })
  socket.once('close', (code, reason) => onClose(lost(`closed with ${code}${reason.length > 0 ? `: ${reason}` : ''}`)))
  return {
    say: (message) => socket.send(JSON.stringify(message)),
    audio: (utterance, packet) => socket.send(audioFrame(utterance, packet)),
    get unsent() {
      return socket.bufferedAmount
    },
    close: () => socket.close(1000),
  }
}

function ready(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => fail(lost('no answer in time')), CONNECT_LIMIT_MS)
    const fail = (error: UpstreamError) => {
      clearTimeout(limit)
      socket.terminate()
      reject(error)
    }
    socket.on('error', (error) => fail(lost(error.message)))
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => fail(refused(statusCode)))
    socket.once('close', (code, reason) => fail(code === 1008 ? refused(401) : lost(`closed with ${code}: ${reason}`)))
    socket.once('message', (data) => {
      if (read(data.toString())?.type !== 'ready') return fail(lost('an unexpected answer'))
      clearTimeout(limit)
      resolve()
    })
  })
}

function read(text: string): ServiceMessage | undefined {
  try {
    return serviceMessage.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The connection broke: what was being said is lost, and may be said again. */
export function lost(why: string): UpstreamError {
  const fault = { provider, operation: 'transcribe', retryable: true, outcome: 'ambiguous' } as const
  return new UpstreamError('The connection to voice-processor was lost.', fault, { cause: why })
}

export function refused(status: number, detail?: string): UpstreamError {
  const retryable = status === 429 || status >= 500
  const fault = { provider, operation: 'transcribe', retryable, outcome: 'refused', status } as const
  return new UpstreamError(detail ?? `voice-processor refused with ${status}.`, fault)
}
