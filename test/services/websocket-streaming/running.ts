import { EventEmitter, once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'
import { createWebsocketStreaming, type WebsocketStreamingDeps } from '#services/websocket-streaming/app.ts'
import { createRedis } from '#src/adapters/redis/redis.ts'
import { createStreams, type StreamsDeps } from '#src/streams/streams.ts'
import { awaitEvent } from '#test/support/await-event.ts'
import { bearer, serviceBase } from '#test/support/service.ts'

/** The service in this process, on a free port. */
export async function startStreaming(redisUrl: string, { base = {}, streams: given = {}, limits = {} }: Given = {}) {
  const service = serviceBase('websocket-streaming', base)
  const redis = createRedis({ url: redisUrl, log: service.log })
  const streams = createStreams({ redis, clock: service.clock, log: service.log, leaseMs: 300, ...given })
  const app = createWebsocketStreaming({ redis, streams, base: service, limits: { tickMs: 20, ...limits } })
  await app.http.listen({ port: 0, host: '127.0.0.1' })
  const address = app.http.server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  const url = `http://127.0.0.1:${address.port}`
  return {
    app,
    redis,
    streams,
    url,
    lines: service.lines,
    connect: (path = '/ws/consciousness', options?: ClientOptions, protocols?: string[]) => connectTo(url, path, options, protocols),
    ask: (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = bearer()) =>
      ask(url, method, path, body, headers),
    stop: () => app.stop(1_000),
  }
}
export type Streaming = Awaited<ReturnType<typeof startStreaming>>

export interface Given {
  readonly base?: Parameters<typeof serviceBase>[1]
  readonly streams?: Partial<StreamsDeps>
  readonly limits?: WebsocketStreamingDeps['limits']
}

/** A WebSocket that keeps what it gets, for tests that wait for it. */
export interface Listening {
  readonly ws: WebSocket
  readonly texts: readonly string[]
  /** Resolves with the first text that fits, from now on or before. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  json(fits: (message: any) => boolean): Promise<any>
  count(many: number): Promise<readonly string[]>
  send(message: object | string): void
  /** Resolves with the code and the reason of its end. */
  readonly closed: Promise<readonly [code: number, reason: string]>
}

/** Connected; rejects with the status of a refusal. */
export async function connectTo(
  url: string,
  path: string,
  options: ClientOptions = { headers: bearer() },
  protocols: string[] = [],
): Promise<Listening> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, options)
  const changed = new EventEmitter()
  const texts: string[] = []
  ws.on('message', (data) => {
    texts.push(String(data))
    changed.emit('change')
  })
  const closed = once(ws, 'close').then(([code, reason]) => [code, String(reason)] as const)
  closed.catch(() => {}) // Who waits for it hears it.
  await Promise.race([
    once(ws, 'open'),
    once(ws, 'unexpected-response').then(([, response]) => Promise.reject(new Error(`refused with ${response.statusCode}`))),
  ])
  ws.on('error', () => {})
  const json = (text: string) => (text.startsWith('{') ? JSON.parse(text) : text)
  const seen = () => `it got ${texts.slice(-5).join(' | ').slice(0, 500)} (${texts.length})`
  return {
    ws,
    texts,
    closed,
    json: (fits) => awaitEvent(changed, () => texts.map(json).find(fits), seen),
    count: (many) => awaitEvent(changed, () => (texts.length >= many ? texts : undefined), seen),
    send: (message) => ws.send(typeof message === 'string' ? message : JSON.stringify(message)),
  }
}

async function ask(url: string, method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : text }
}

export const reading = (more: object = {}) => ({
  agent_id: 'kael',
  consciousness_level: 7.5,
  ucf_metrics: { harmony: 0.7, klesha: 0.1 },
  timestamp: '2026-01-01T00:00:00Z',
  ...more,
})
