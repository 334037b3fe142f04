import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createServer } from 'node:tls'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { isOwn } from '#src/streams/foreign.ts'
import { sievedConnection } from '#src/streams/sieved-connection.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { selfSigned } from '#test/support/self-signed.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** The server as it is, and behind TLS. */
async function urls(): Promise<Readonly<Record<'plain' | 'tls', string>>> {
  const server = await redisServer()
  endings.push(() => server.stop())
  const { port, password } = new URL(server.url)
  const { certificate: cert, key } = selfSigned(new Date())
  const proxy = createServer({ key, cert }, (socket) => {
    const behind = connect(Number(port), '127.0.0.1')
    socket.pipe(behind).pipe(socket)
    for (const each of [socket, behind]) each.on('error', () => {})
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  endings.push(() => proxy.close())
  return { plain: server.url, tls: `rediss://:${password}@127.0.0.1:${(proxy.address() as AddressInfo).port}` }
}

test.each(['plain', 'tls'] as const)(
  'over a %s connection own messages are dropped, others heard in order, after a lost connection too',
  async (which) => {
    const client = new Redis((await urls())[which], which === 'tls' ? { tls: { rejectUnauthorized: false } } : {})
    endings.push(() => client.disconnect())
    const heard: string[] = []
    let dropped = 0
    const hearing = sievedConnection(client, quietLog(), (bytes, start, end) => {
      if (!isOwn(bytes, start, end)) return false
      dropped += 1
      return true
    })
    endings.push(() => hearing.disconnect())
    hearing.on('message', (_channel, text: string) => heard.push(text))
    await hearing.subscribe('c')
    for (const text of ['{"n":1}', '{"n":2,"stream_id":"1-1"}', '{"n":3}']) await client.publish('c', text)
    await hearing.ping()
    expect([heard, dropped]).toEqual([['{"n":1}', '{"n":3}'], 1])

    const again = once(hearing, 'ready')
    await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await again
    await expect.poll(async () => ((await client.pubsub('NUMSUB', 'c')) as unknown[])[1], { timeout: 10_000 }).toBe(1)
    for (const text of ['{"n":4}', '{"n":5,"stream_id":"1-2"}', '{"n":6}']) await client.publish('c', text)
    await hearing.ping()
    expect([heard, dropped]).toEqual([['{"n":1}', '{"n":3}', '{"n":4}', '{"n":6}'], 2])
  },
)
