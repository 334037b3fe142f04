import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { execute, type GraphQLSchema, parse, subscribe, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { Log } from '#src/kernel/log.ts'
import { createAccess } from './access.ts'
import type { Platform } from './api.ts'
import { apiPath } from './endpoint.ts'
import { presentError } from './graphql-errors.ts'

/** Subscriptions: `graphql-transport-ws` on the API's own path, with the token on the upgrade request. */
export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Cuts every connection; answers how many there were. */
  cut(): number
  close(): Promise<void>
}

export function createSockets({
  platform,
  schema,
  log,
}: {
  readonly platform: Platform
  readonly schema: GraphQLSchema
  readonly log: Log
}): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false),
  })
  const handling = useServer(
    {
      schema,
      ...{ parse, validate, execute, subscribe }, // the very module that made the schema: another copy of graphql would refuse it
      context: ({ extra }) => ({ ...platform, access: createAccess(platform.world, extra.request.headers) }),
      onError: (_context, _id, _payload, errors) => errors.map((error) => presentError(error, log)),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors ? { data: result.data ?? null, errors: result.errors.map((error) => presentError(error, log)) } : undefined,
    },
    server,
  )
  return {
    upgrade(request, socket, head) {
      if (new URL(request.url ?? '/', 'http://playground').pathname !== apiPath) return false
      server.handleUpgrade(request, socket, head, (accepted) => server.emit('connection', accepted, request))
      return true
    },
    cut() {
      const { size } = server.clients
      for (const client of server.clients) client.terminate()
      return size
    },
    async close() {
      await handling.dispose()
      for (const client of server.clients) client.terminate()
    },
  }
}
