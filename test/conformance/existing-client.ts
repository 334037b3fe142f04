import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { WebSocket } from 'ws'
import { startRedis } from '#src/launch/redis.ts'
import { type RunningService, startService, stopService } from '../services/service-process.ts'
import { createEmptyDatabase } from '../support/postgres.ts'

const JWT_SECRET = 'the secret that existing clients sign their tokens with'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  readonly body: any
  readonly headers: Headers
}

/** A program that spoke to the services before there was this one: it knows paths, payloads, channels and keys, and none of our code. */
export interface ExistingClient {
  readonly service: RunningService
  readonly redis: Redis
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Subscribes; `next` is the next message of the channel that fits, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever came over the wire
  hear(channel: string): Promise<{ next(fits?: (message: any) => boolean): Promise<any> }>
  socket(path: string): Promise<WebSocket>
  stop(): Promise<void>
}

/** One service as a process of its own, over stores of its own. */
export async function startForExistingClient(name: string, more: Readonly<Record<string, string>> = {}): Promise<ExistingClient> {
  const [redisServer, database] = await Promise.all([startRedis({ path: process.env.PATH }), createEmptyDatabase()])
  const service = await startService(name, { DATABASE_URL: database.url, REDIS_URL: redisServer.url, JWT_SECRET, ...more })
  const redis = new Redis(redisServer.url)
  const subscribers: Redis[] = []
  const sockets: WebSocket[] = []
  const authorization = `Bearer ${token({ sub: 'an existing client', exp: Math.floor(Date.now() / 1_000) + 3_600 })}`

  return {
    service,
    redis,
    async ask(method, path, body, headers = {}) {
      const isForm = body instanceof FormData
      const answer = await fetch(`${service.url}${path}`, {
        method,
        // As a session of Python's requests or of axios has it: on every request, with a body or without.
        headers: { authorization, ...(!isForm && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), headers: answer.headers }
    },
    async hear(channel) {
      const subscriber = new Redis(redisServer.url)
      subscribers.push(subscriber)
      const heard: unknown[] = []
      let wake = Promise.withResolvers<void>()
      subscriber.on('message', (_channel, text) => {
        heard.push(JSON.parse(text))
        wake.resolve()
        wake = Promise.withResolvers()
      })
      await subscriber.subscribe(channel)
      return {
        async next(fits = () => true) {
          for (;;) {
            const at = heard.findIndex((message) => fits(message))
            if (at >= 0) return heard.splice(at, 1)[0]
            await wake.promise
          }
        },
      }
    },
    async socket(path) {
      const socket = new WebSocket(`${service.url.replace('http', 'ws')}${path}`, { headers: { authorization } })
      sockets.push(socket)
      await once(socket, 'open')
      return socket
    },
    async stop() {
      for (const socket of sockets) socket.terminate()
      for (const connection of [redis, ...subscribers]) connection.disconnect()
      await stopService(service, 'SIGKILL')
      await Promise.all([redisServer.stop(), database.drop()])
    },
  }
}

/** RFC 7519, HS256, as PyJWT makes them: `sub` and an end, no roles. */
export function token(claims: object, secret = JWT_SECRET, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
