import { WebSocket } from 'ws'
import type { UpstreamError } from '#src/kernel/errors.ts'
import { readJson } from '#src/kernel/read-json.ts'
import { type ServiceMessage, serviceMessage } from '#src/speech/wire.ts'
import { lost, refused } from './remote-failure.ts'

const CONNECT_LIMIT_MS = 5_000
const POLICY = 1008

/** Resolves when the service has taken the token. Throws UpstreamError. */
export async function openRemoteSocket(url: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: CONNECT_LIMIT_MS,
    perMessageDeflate: false,
  })
  await ready(socket)
  return socket
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
    socket.once('close', (code, reason) => fail(code === POLICY ? refused(401) : lost(`closed with ${code}: ${reason}`)))
    socket.once('message', (data) => {
      if (readMessage(data.toString())?.type !== 'ready') return fail(lost('an unexpected answer'))
      clearTimeout(limit)
      resolve()
    })
  })
}

/** Undefined where it is none that is known: a newer service may say more. */
export function readMessage(text: string): ServiceMessage | undefined {
  return serviceMessage.safeParse(readJson(text)).data
}
