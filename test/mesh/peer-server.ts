import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

/** A real HTTP server that behaves as it is told, one behaviour for each request; the last one stays. */
export interface PeerServer {
  readonly url: string
  readonly seen: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; body: string }[]
  behave(...next: Behaviour[]): void
  close(): Promise<void>
}

export async function startPeer(): Promise<PeerServer> {
  const seen: PeerServer['seen'] = []
  let queue: Behaviour[] = [json(200, { ok: true })]
  const server = createServer(async (request, response) => {
    const behave = queue.length > 1 ? queue.shift()! : queue[0]!
    const entry = { method: request.method!, url: request.url!, headers: request.headers, body: '' }
    seen.push(entry)
    for await (const chunk of request) entry.body += chunk
    behave(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    behave(...next) {
      queue = next
      seen.length = 0
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (_, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Takes the request and never says a word. */
export const hangs: Behaviour = () => {}

/** Begins an answer and never ends it. */
export const stalls: Behaviour = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"ok":')

/** Takes the request and closes the connection. */
export const cuts: Behaviour = (request) => request.socket.destroy()

export const cutsHalfway: Behaviour = (request, response) =>
  response.writeHead(200, { 'content-length': '100' }).write('{"ok"', () => request.socket.destroy())

/** Answers for as long as somebody reads. */
export const floods: Behaviour = (_, response) => {
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  }
  response.writeHead(200).on('drain', more)
  more()
}
