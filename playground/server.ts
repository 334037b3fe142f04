import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import Fastify, { type FastifyError } from 'fastify'
import { UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Emulator, Part } from './emulator.ts'
import { type Faults, injectFault, listFaults } from './faults.ts'
import { isLocal } from './loopback-only.ts'
import { servePage } from './page-files.ts'

export interface PlaygroundServerOptions {
  readonly emulators: readonly Emulator[]
  readonly faults: Faults
  /** What there is beside the vendors. */
  readonly parts?: readonly Part[]
  /** What the playground itself adds to `GET /playground/state`. */
  state(): Readonly<Record<string, unknown>>
  /** The page's folder, and the one that holds its packages. */
  readonly page: URL
  readonly packages: URL
  readonly log: Log
}

export interface PlaygroundServer {
  /** Binds loopback only, and answers the port. Throws where it is taken: another may be tried. */
  listen(port: number): Promise<number>
  close(): Promise<void>
}

const foreign = 'The playground answers only this computer: open it as http://127.0.0.1 or http://localhost.'

/** Everything that the playground shows to the outside, on one port: the emulators, the page, and its own routes. */
export function createPlaygroundServer(options: PlaygroundServerOptions): PlaygroundServer {
  const { emulators, faults, parts = [], state, page, packages, log } = options
  // discord.js sends attachments of up to 10 MiB; connections are closed at once when the server is.
  const server = Fastify({ bodyLimit: 32 * 1024 * 1024, forceCloseConnections: true, return503OnClosing: false })
  server.addHook('onRequest', async (request, reply) => {
    if (!isLocal(request.raw)) return reply.code(403).send({ error: foreign })
  })
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error instanceof UserError ? 400 : (error.statusCode ?? 500)
    if (status >= 500) log.error({ err: error }, 'The playground could not answer')
    return reply.code(status).send({ error: error.message })
  })
  // A scope each: what one emulator reads or refuses is its own affair.
  for (const part of [...emulators, ...parts]) server.register(async (scope) => part.routes(scope))

  server.get('/playground/state', async () => merged([state(), ...[...emulators, ...parts].map((part) => part.state())]))
  server.get('/playground/faults', async () => listFaults(faults))
  server.post('/playground/faults', async (request, reply) => {
    const injection = await injectFault(faults, request.body)
    if (injection.ok) return injection.done ?? {}
    return reply.code(400).send({ error: injection.sentence, faults: [...faults.keys()] })
  })
  server.register(async (scope) => servePage(scope, page, packages))

  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy()) // Cut by the other side: there is nobody left to tell.
    if (!isLocal(request)) return socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    if (emulators.some((emulator) => emulator.upgrade(request, socket, head))) return
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
  })

  return {
    async listen(port) {
      await server.listen({ port, host: '127.0.0.1' })
      return (server.server.address() as AddressInfo).port
    },
    close: () => server.close(),
  }
}

/** Side by side at the top level; of what several list, each adds its own. */
function merged(parts: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>> {
  const whole: Record<string, unknown> = {}
  for (const [name, value] of parts.flatMap((part) => Object.entries(part))) {
    const before = whole[name]
    whole[name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value
  }
  return whole
}
