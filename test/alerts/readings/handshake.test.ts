import { once } from 'node:events'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandshake } from '#src/alerts/readings/handshake.ts'
import { isPublicAddress } from '#src/alerts/readings/public-address.ts'
import { selfSigned } from '#test/support/self-signed.ts'

const DAY = 86_400_000
const { certificate, key } = selfSigned(new Date())
let server: Server
let connected: Socket[]

async function listen(made: Server): Promise<number> {
  server = made
  connected = []
  server.on('connection', (socket) => {
    connected.push(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}
beforeEach(() => {
  connected = []
})
afterEach(async () => {
  for (const socket of connected) socket.destroy()
  await new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined)))
})
const here = { resolve: async () => ['127.0.0.1'], isAllowed: () => true }

describe('a handshake', () => {
  test('tells until when a certificate is good, and why nobody would trust it', async () => {
    const port = await listen(createServer({ cert: certificate, key }))
    const shaken = await createHandshake({ ...here, port })('shop.example.com')
    expect((shaken.endsAt!.getTime() - Date.now()) / DAY).toBeCloseTo(1, 2)
    expect(shaken.refused).toBe('nobody but itself vouches for it')
  })

  test('says that a certificate is for other names', async () => {
    const port = await listen(createServer({ cert: certificate, key }))
    const shake = createHandshake({ ...here, port, ca: certificate })
    expect((await shake('shop.example.com')).refused).toBe('it is for other names')
  })

  test.each([
    ['nobody answers', () => createTcpServer()],
    ['nonsense is answered', () => createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ['the connection is cut', () => createTcpServer((socket) => socket.destroy())],
  ])('where %s tells nothing, within its time', async (_, make) => {
    const port = await listen(make())
    expect(await createHandshake({ ...here, port, patienceMs: 200 })('shop.example.com')).toEqual({})
  })

  test('that cannot be made tells nothing', async () => {
    const port = await listen(createTcpServer())
    await new Promise((resolve) => server.close(resolve))
    expect(await createHandshake({ ...here, port })('shop.example.com')).toEqual({})
    expect(await createHandshake({ ...here, resolve: () => Promise.reject(new Error('ENOTFOUND')) })('shop.example.com')).toEqual({})
    expect(await createHandshake({ ...here, patienceMs: 50, resolve: () => new Promise(() => {}) })('shop.example.com')).toEqual({})
  })

  test('is made with no address that is not public, wherever a name leads, and with nothing that is no name', async () => {
    const port = await listen(createServer({ cert: certificate, key }))
    const asked: string[] = []
    const shake = createHandshake({
      port,
      async resolve(domain) {
        asked.push(domain)
        return ['127.0.0.1', '::1', '10.0.0.7', '169.254.169.254', 'fd12::1']
      },
    })
    for (const domain of [
      'shop.example.com',
      '127.0.0.1',
      '127.0.0.1:443',
      '[::1]',
      'localhost',
      'a b.com',
      'x'.repeat(300),
      'evil.com/x',
      '0x7f.1',
    ])
      expect(await shake(domain)).toEqual({})
    expect(asked).toEqual(['shop.example.com'])
    expect(connected).toEqual([])
  })
})

test.each<readonly [string, boolean]>([
  ['93.184.216.34', true],
  ['2606:2800:220:1:248:1893:25c8:1946', true],
  ...[
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.1.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'ff02::1',
      '2002:7f00:1::',
      '2001:db8::1',
    ],
    ...['', 'localhost', '127.1'],
  ].map((address) => [address, false] as [string, boolean]),
])('%s is public: %s', (address, is) => expect(isPublicAddress(address)).toBe(is))
