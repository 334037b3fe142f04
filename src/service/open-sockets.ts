import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { endUpgradeSpan } from './request-spans.ts'

/** A WebSocket, as far as its closing goes; one of the package ws is one. */
export interface ClosableSocket {
  close(code: number, reason: string): void
  terminate(): void
  once(event: 'close', listener: () => void): unknown
}

/** Connections that became something else than HTTP. The server's own stop knows nothing of them, and would wait for them for ever. */
export interface OpenSockets {
  /** From now on it is closed with the service. The request that became it is over. */
  add(socket: ClosableSocket, request: FastifyRequest): void
  readonly size: number
  /** Asks every one to close, with 1012: clients then connect again, to another replica. https://www.iana.org/assignments/websocket */
  close(): void
  /** Ends what is still there. */
  cut(): void
}

const RESTART = 1012

export function createOpenSockets(server: Server): OpenSockets {
  const sockets = new Set<ClosableSocket>()
  const connections = new Set<Socket>()
  server.on('upgrade', (request) => {
    const { socket } = request
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  return {
    add(socket, request) {
      endUpgradeSpan(request)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    },
    get size() {
      return sockets.size
    },
    close() {
      for (const socket of sockets) socket.close(RESTART, 'The service restarts: connect again.')
    },
    cut() {
      for (const socket of sockets) socket.terminate()
      for (const connection of connections) connection.destroy()
    },
  }
}
