import websocket from '@fastify/websocket'
import type { Clock } from '#src/kernel/clock.ts'
import type { Log } from '#src/kernel/log.ts'
import { Refusal } from '#src/service/refusal.ts'
import type { ServiceApp } from '#src/service/service-app.ts'
import type { Tokens } from '#src/tokens/tokens.ts'
import { configured, type Speech } from '../speech.ts'
import { type StreamingLimits, serveConnection } from '../streaming/connection.ts'

export interface StreamingParts {
  readonly speech: Speech | undefined
  readonly tokens: Tokens
  readonly clock: Clock
  readonly log: Log
  readonly limits?: Partial<StreamingLimits>
}

export const streamingDefaults: StreamingLimits = {
  connections: 50,
  utterances: 8,
  flood: { burst: 4_000, perSecond: 1_000 },
  authMs: 5_000,
  idleMs: 600_000,
  pingMs: 30_000,
  mostUnreadBytes: 1_000_000,
}
/** Phrases are the longest that is said; ws closes with 1009 beyond it. */
const MOST_MESSAGE_BYTES = 65_536

/** `WS /ws/transcribe`: utterances as they are spoken. The token comes as a header or with the first message. */
export function streamingRoutes({ http, sockets }: Pick<ServiceApp, 'http' | 'sockets'>, parts: StreamingParts): void {
  const { speech, tokens, clock, log } = parts
  const limits = { ...streamingDefaults, ...parts.limits }
  let connections = 0

  http.register(async (scope) => {
    await scope.register(websocket, { options: { maxPayload: MOST_MESSAGE_BYTES } })
    scope.get(
      '/ws/transcribe',
      {
        websocket: true,
        config: { open: true, upgrades: true, refuses: [401, 404, 503] },
        schema: { summary: 'Utterances as they are spoken (WebSocket)' },
        async preValidation({ headers, caller }) {
          configured(speech)
          if (headers.authorization !== undefined && !caller)
            throw new Refusal(401, 'The token is not valid.', { 'www-authenticate': 'Bearer' })
          if (connections >= limits.connections) throw new Refusal(503, 'There are too many connections.', { 'retry-after': '5' })
        },
      },
      (socket, request) => {
        connections += 1
        socket.once('close', () => {
          connections -= 1
        })
        sockets.add(socket, request)
        serveConnection({ socket, caller: request.caller, tokens, transcriber: configured(speech).transcriber, limits, clock, log })
      },
    )
  })
}
