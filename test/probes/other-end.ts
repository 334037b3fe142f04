import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
}

export interface OtherEnd {
  readonly url: URL
  readonly seen: readonly { readonly path: string; readonly authorization: string | undefined }[]
  close(): Promise<void>
}

/** A service as a test wants it, at real sockets: answers by path (`hang`: never), and what it does with a WebSocket. */
export async function otherEnd(
  replies: Readonly<Record<string, Reply | 'hang'>>,
  onSocket?: (socket: WebSocket, request: IncomingMessage) => void,
  refuse?: number,
): Promise<OtherEnd> {
  const seen: { path: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    seen.push({ path, authorization: request.headers.authorization })
    const reply = replies[path] ?? { status: 404, json: { detail: 'Not Found' } }
    if (reply === 'hang') return
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' }).end(reply.text ?? JSON.stringify(reply.json))
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (refuse !== undefined) return void socket.end(`HTTP/1.1 ${refuse} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, (open) => onSocket?.(open, request))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    seen,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
