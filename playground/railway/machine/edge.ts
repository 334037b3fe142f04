import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '#src/kernel/clock.ts'
import type { HttpCounts } from './http-counts.ts'
import { forward, tunnel } from './proxy.ts'
import type { Replica } from './replica.ts'

export interface EdgeGiven {
  /** Tried first; any free one where it is taken. */
  readonly port: number | null
  /** Replicas that can take a request now. */
  upstreams(): readonly Replica[]
  readonly counts: HttpCounts
  readonly clock: Clock
}

/** A service's public address on loopback: spreads requests over its replicas and counts the answers. */
export interface Edge {
  readonly port: number
  close(): Promise<void>
}

/** https://docs.railway.com/networking/public-networking/specs-and-limits */
const limits = { keepAliveTimeout: 60_000, requestTimeout: 900_000, maxHeaderSize: 32_768 } as const

export async function openEdge({ upstreams, counts, clock, port: wanted }: EdgeGiven): Promise<Edge> {
  const tunnels = new Set<Duplex>()
  let turn = 0
  const inTurn = () => {
    const running = upstreams()
    const start = turn++
    return running.map((_, index) => running[(start + index) % running.length]!)
  }
  const server = createServer(limits, (request, response) => void forward({ request, response, replicas: inTurn(), counts, clock }))
  server.on('upgrade', (request, visitor: Duplex, head) => {
    tunnels.add(visitor)
    visitor.once('close', () => tunnels.delete(visitor))
    void tunnel({ request, visitor, head, replicas: inTurn(), counts, clock })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, visitor) => {
    if (error.code === 'ECONNRESET' || !visitor.writable) return visitor.destroy()
    counts.add(400, 0)
    visitor.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  const port = await listen(server, wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return listen(server, 0)
    throw error
  })
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const visitor of tunnels) visitor.destroy()
      }),
  }
}

function listen(server: Server, port: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port ?? 0, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as { port: number }).port)
    })
  })
}
