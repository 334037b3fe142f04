import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Certificate } from './certificate.ts'
import { openUdpPort, type UdpPort, type UdpPortDeps } from './udp-port.ts'

/** Both halves of the voice server's network side: sockets over TLS, and datagrams. On loopback, on ports of their own. */
export interface VoicePort {
  /** As VOICE_SERVER_UPDATE names it: clients put `wss://` before it. */
  readonly endpoint: string
  readonly udp: UdpPort
  close(): void
}

export interface VoicePortDeps extends UdpPortDeps {
  readonly certificate: Certificate
  onSocket(socket: WebSocket, version: string | null): void
}

const mostBytes = 256 * 1024

export async function openVoicePort({ certificate, onSocket, ...deps }: VoicePortDeps): Promise<VoicePort> {
  const server = createServer({ cert: certificate.cert, key: certificate.key })
  const sockets = new WebSocketServer({ server, maxPayload: mostBytes })
  sockets.on('connection', (socket, request) => onSocket(socket, new URL(request.url ?? '/', 'wss://voice').searchParams.get('v')))
  server.on('tlsClientError', () => {}) // A client that does not trust this server learns it by itself.
  server.listen(0, '127.0.0.1')
  const [udp] = await Promise.all([openUdpPort(deps), once(server, 'listening')])
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    udp,
    close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.close()
      server.closeAllConnections()
      udp.close()
    },
  }
}
