import { connect, createServer, type Server, type Socket } from 'node:net'
import type { HttpCounts } from './http-counts.ts'
import type { Replica } from './replica.ts'

export interface EdgeGiven {
  /** Tried first; any free one where it is taken. */
  readonly port: number | null
  /** Replicas that can take a connection now. */
  upstreams(): readonly Replica[]
  readonly counts: HttpCounts
}

/** A service's public address on loopback: spreads connections over its replicas and counts what passes. */
export interface Edge {
  readonly port: number
  close(): Promise<void>
}

export async function openEdge(given: EdgeGiven): Promise<Edge> {
  const open = new Set<Socket>()
  let turn = 0
  const server = createServer({ allowHalfOpen: true }, (visitor) => {
    open.add(visitor)
    visitor.once('close', () => open.delete(visitor))
    visitor.on('error', () => visitor.destroy()) // a visitor who left is nobody's fault
    const running = given.upstreams()
    const start = turn++
    pass(
      visitor,
      running.map((_, index) => running[(start + index) % running.length]!),
      given.counts,
    )
  })
  const port = await listen(server, given.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return listen(server, 0)
    throw error
  })
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const visitor of open) visitor.destroy()
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

/** To the first replica that accepts; 502 where none does. */
function pass(visitor: Socket, candidates: readonly Replica[], counts: HttpCounts): void {
  if (visitor.destroyed) return
  const [replica, ...others] = candidates.filter(({ port }) => port !== undefined)
  if (replica?.port === undefined) {
    refuse(visitor, counts)
    return
  }
  const upstream = connect({ host: '127.0.0.1', port: replica.port, allowHalfOpen: true })
  let connected = false
  upstream.on('error', () => (connected ? visitor.destroy() : pass(visitor, others, counts)))
  upstream.once('connect', () => {
    connected = true
    relay(visitor, upstream, replica.traffic, counts)
  })
  visitor.once('close', () => upstream.destroy())
}

function relay(visitor: Socket, upstream: Socket, traffic: Replica['traffic'], counts: HttpCounts): void {
  const exchange = counts.connection()
  visitor.on('data', (bytes) => {
    traffic.received += bytes.length
    exchange.asked()
  })
  upstream.on('data', (bytes) => {
    traffic.sent += bytes.length
    exchange.answered(bytes)
  })
  visitor.pipe(upstream).pipe(visitor)
}

const badGateway = JSON.stringify({ status: 'error', code: 502, message: 'Application failed to respond' })

/** As Railway's edge answers for a service without a running replica. */
function refuse(visitor: Socket, counts: HttpCounts): void {
  counts.refused()
  const head = `HTTP/1.1 502 Bad Gateway\r\ncontent-type: application/json\r\ncontent-length: ${badGateway.length}\r\nconnection: close\r\n\r\n`
  visitor.once('data', () => visitor.end(head + badGateway))
}
