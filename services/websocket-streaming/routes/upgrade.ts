import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { Refusal } from '#src/service/refusal.ts'
import type { ServiceApp } from '#src/service/service-app.ts'
import type { Arrival, Session } from '../clients/session.ts'
import type { Sessions } from '../clients/sessions.ts'
import { streamId } from '../messages/control-message.ts'

export interface UpgradeDeps {
  readonly app: ServiceApp
  readonly sessions: Sessions
  /** Of pages that may connect; a program sends no Origin. */
  readonly corsOrigins: readonly string[]
  readonly frameBytes: number
  open(arrival: Arrival): Session
}

const PROTOCOL = 'bearer'
const names = z.string().transform((text) => text.split(','))
const query = z.looseObject({
  client_id: z
    .string()
    .regex(/^[\w.:@ -]{1,128}$/, 'must be 1 to 128 letters, digits, spaces or .:@_-')
    .optional(),
  channels: names.pipe(z.array(z.string().min(1).max(128)).max(64)).optional(),
  agents: names.pipe(z.array(z.string().min(1).max(128)).max(200)).optional(),
  after: streamId.optional(),
})
const TOKEN_NAMES = ['token', 'access_token', 'jwt', 'auth', 'authorization', 'bearer']

/**
 * `WS /ws/consciousness` and `/ws/consciousness/admin`. The request passes the gate of every other one (tokens, rate limit, faults as
 * `{"detail": …}`) and is refused as HTTP where it can be; only then it becomes a WebSocket (RFC 6455, §4).
 */
export function upgradeRoutes({ app, sessions, corsOrigins, frameBytes, open }: UpgradeDeps): void {
  const { http, health, sockets } = app
  const heads = new WeakMap<IncomingMessage, Buffer>()
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytes,
    perMessageDeflate: false,
    clientTracking: false,
    maxFragments: 64,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })

  http.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    heads.set(request, head)
    socket.on('error', () => socket.destroy()) // Until the WebSocket listens, nobody else would.
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => socket.end()) // It was refused.
    http.routing(request, response)
  })

  for (const [path, admin] of [
    ['/ws/consciousness', false],
    ['/ws/consciousness/admin', true],
  ] as const) {
    const schema = { querystring: query, summary: admin ? 'Every channel, for admins (WebSocket)' : 'The consciousness stream (WebSocket)' }
    const config = { open: true, upgrades: true, refuses: [400, 401, 403, 426, 503] } as const
    http.get(path, { config, schema }, async (request, reply) => {
      const { raw, caller, headers } = request
      const head = heads.get(raw)
      if (!head) throw new Refusal(426, 'This is a WebSocket: connect with ws:// or wss://.', { upgrade: 'websocket' })
      refuseTokenInUrl(request.query)
      if (headers.origin !== undefined && !corsOrigins.includes('*') && !corsOrigins.includes(headers.origin)) {
        throw new Refusal(403, 'Pages of this origin may not connect: see CORS_ORIGINS.')
      }
      if (headers.authorization !== undefined && !caller) {
        throw new Refusal(401, 'The token in the header Authorization is not valid.', { 'www-authenticate': 'Bearer' })
      }
      const token = offeredToken(headers['sec-websocket-protocol'])
      if (health.draining || !sessions.hasRoom(!caller)) throw new Refusal(503, 'No room here: connect again soon.', { 'retry-after': '5' })

      const { client_id: clientId, channels, agents, after } = request.query
      const asked = channels || agents || after ? { type: 'subscribe' as const, channels, agents, after } : undefined
      reply.hijack()
      reply.raw.detachSocket(raw.socket)
      server.handleUpgrade(raw, raw.socket, head, (ws) => {
        sockets.add(ws, request)
        const session = open({ ws, socket: raw.socket, address: request.ip, clientId, admin, asked })
        if (caller) session.enter(caller)
        else if (token !== undefined) session.authenticate(token)
      })
    })
  }
}

/** URLs stand in the logs of every proxy on the way. */
function refuseTokenInUrl(given: Readonly<Record<string, unknown>>): void {
  if (!TOKEN_NAMES.some((name) => name in given)) return
  throw new Refusal(400, 'A token never travels in a URL: send it as header, as subprotocol or as first message. Consider that one stolen.')
}

/** `Sec-WebSocket-Protocol: bearer, <token>`, which is all that a page's script can add to the request. */
function offeredToken(header: string | undefined): string | undefined {
  const [protocol, token] = header?.split(',').map((part) => part.trim()) ?? []
  return protocol === PROTOCOL ? token : undefined
}
