import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'

/** The baseline of streaming: what comes on one channel of Redis is sent to every WebSocket, and nothing else. */
const [url = '', channel = ''] = process.argv.slice(2)
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
const redis = new Redis(url)
redis.on('message', (_channel, text: string) => {
  for (const client of server.clients) client.send(text)
})
await redis.subscribe(channel)
process.send?.({ port: (server.address() as AddressInfo).port })
