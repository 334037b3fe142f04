import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface Seen {
  readonly method: string
  /** Without `/api/v10`, with the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Parsed JSON; of multipart, `payload_json`. */
  readonly body: Readonly<Record<string, unknown>> | undefined
  /** Multipart: name and text of each part. */
  readonly parts: Readonly<Record<string, { readonly filename: string | undefined; readonly text: string }>>
}

/** How a request is answered: JSON with its status, raw text, a connection cut in the middle, or nothing at all. */
export type Reply =
  | { readonly status: number; readonly json?: unknown; readonly text?: string; readonly headers?: Record<string, string> }
  | 'cut'
  | 'hang'

/**
 * The other end of the wire for one test: answers each request as the test says, and runs gateway sessions by hand. What Discord
 * itself would answer is the playground's business.
 */
export interface Wire {
  readonly apiUrl: string
  readonly seen: readonly Seen[]
  /** Emits `request` (Seen), `identify`, `resume`, `connect`. */
  readonly events: EventEmitter
  /** The newest gateway connection. */
  readonly socket: () => WebSocket
  dispatch(t: string, d: unknown): void
  close(): Promise<void>
}

export const bot = { id: '900000000000000001', username: 'Helix' }
export const guild = { id: '800000000000000001', name: 'Team', owner_id: '700000000000000009' }

export interface WireGiven {
  readonly reply?: (seen: Seen) => Reply | undefined
  /** Instead of READY, the connection is closed with this code. */
  readonly refuse?: number
  /** False: no answer to IDENTIFY or RESUME. */
  readonly answerIdentify?: () => boolean
}

export async function openWire(given: WireGiven = {}): Promise<Wire> {
  const seen: Seen[] = []
  const events = new EventEmitter()
  let socket: WebSocket | undefined
  let sequence = 0
  const server = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ server })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const dispatch = (t: string, d: unknown) => {
    sequence += 1
    socket!.send(JSON.stringify({ op: 0, t, s: sequence, d }))
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const one = await read(request)
    seen.push(one)
    events.emit('request', one)
    const reply = given.reply?.(one) ?? standard(one, port)
    if (reply === 'hang') return
    if (reply === 'cut') return void request.socket.resetAndDestroy()
    const type = reply.json === undefined ? 'text/html' : 'application/json'
    response.writeHead(reply.status, { 'content-type': type, ...reply.headers })
    response.end(reply.json === undefined ? reply.text : JSON.stringify(reply.json))
  }

  sockets.on('connection', (connection) => {
    socket = connection
    events.emit('connect')
    connection.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 41_250 } }))
    connection.on('message', (data) => {
      const { op } = JSON.parse(String(data)) as { op: number }
      if (op === 1) connection.send(JSON.stringify({ op: 11 }))
      if (op !== 2 && op !== 6) return
      if (given.answerIdentify?.() === false) return
      if (given.refuse !== undefined) return connection.close(given.refuse)
      if (op === 2) welcome()
      else dispatch('RESUMED', null)
      events.emit(op === 2 ? 'identify' : 'resume')
    })
  })

  function welcome() {
    const resume = `ws://127.0.0.1:${port}`
    const application = { id: '600000000000000001', flags: 0 }
    dispatch('READY', {
      v: 10,
      user: bot,
      session_id: 's1',
      resume_gateway_url: resume,
      application,
      guilds: [{ id: guild.id, unavailable: true }],
    })
    dispatch('GUILD_CREATE', guildCreate(guild))
  }

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    seen,
    events,
    socket: () => socket!,
    dispatch,
    async close() {
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function guildCreate({ id, name, owner_id }: typeof guild) {
  const everyone = { id, name: '@everyone', permissions: '0', position: 0, color: 0, hoist: false, managed: false, mentionable: false }
  const self = { user: bot, roles: [], joined_at: new Date(0).toISOString(), deaf: false, mute: false }
  return {
    id,
    name,
    owner_id,
    unavailable: false,
    roles: [everyone],
    members: [self],
    channels: [],
    emojis: [],
    voice_states: [],
    threads: [],
  }
}

function standard({ path }: Seen, port: number): Reply {
  if (!path.startsWith('/gateway/bot')) return { status: 204 }
  const session_start_limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 }
  return { status: 200, json: { url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit } }
}

async function read(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { headers, method = '', url = '' } = request
  const parts: Record<string, { filename: string | undefined; text: string }> = {}
  const type = headers['content-type'] ?? ''
  let text = Buffer.concat(chunks).toString()
  if (type.startsWith('multipart/')) {
    for (const [name, value] of await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData()) {
      parts[name] = typeof value === 'string' ? { filename: undefined, text: value } : { filename: value.name, text: await value.text() }
    }
    text = parts.payload_json?.text ?? ''
  }
  return { method, path: url.replace(/^\/api\/v10/, ''), headers, body: text === '' ? undefined : JSON.parse(text), parts }
}
