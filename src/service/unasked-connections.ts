import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Connections on which no whole request stands: nothing came yet, half the headers did, or all that came is answered. Node's own
 * `closeIdleConnections` takes the first two for busy ones, and a stop would wait for them as long as for real work.
 */
export interface UnaskedConnections {
  /** Ends them, and those that come from now on. One whose request is being answered stays; that it is closed then is up to the answer. */
  close(): void
}

export function createUnaskedConnections(server: Server): UnaskedConnections {
  /** By how many requests each has under way. One that became a WebSocket is none of ours. */
  const connections = new Map<Socket, number>()
  let closed = false

  function count(socket: Socket, change: 1 | -1): void {
    const underWay = connections.get(socket)
    if (underWay !== undefined) connections.set(socket, underWay + change)
  }

  server.on('connection', (socket: Socket) => {
    if (closed) return void socket.destroy()
    connections.set(socket, 0)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => count(socket, -1))
  })
  server.on('upgrade', ({ socket }) => connections.delete(socket))

  return {
    close() {
      closed = true
      for (const [socket, underWay] of connections) if (underWay === 0) socket.destroy()
    },
  }
}
