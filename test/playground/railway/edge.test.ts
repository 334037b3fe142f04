import { once } from 'node:events'
import { Agent, request as ask, createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Edge, openEdge } from '#playground/railway/machine/edge.ts'
import { createHttpCounts, type HttpCounts } from '#playground/railway/machine/http-counts.ts'
import type { Replica } from '#playground/railway/machine/replica.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { eventually } from './mounted.ts'

const clock = systemClock()

/** An edge before these, each of which stands for a replica. */
async function open(...replicas: readonly RequestListener[]) {
  const servers = replicas.map((answer) => createServer(answer))
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  const upstreams = servers.map((server) => {
    const traffic = { received: 0, sent: 0 }
    return { port: (server.address() as AddressInfo).port, traffic } as unknown as Replica
  })
  const counts = createHttpCounts(clock)
  const edge: Edge = await openEdge({ port: null, upstreams: () => upstreams, counts, clock })
  onTestFinished(async () => {
    await edge.close()
    for (const server of servers) server.close().closeAllConnections()
  })
  return { edge, servers, upstreams, counts, url: `http://127.0.0.1:${edge.port}` }
}

const statuses = (counts: HttpCounts) => counts.between(0, Number.MAX_SAFE_INTEGER - 1).map(({ status }) => status)

async function visit(url: string, options: { agent?: Agent; method?: string; headers?: Record<string, string>; body?: Buffer } = {}) {
  const asked = ask(url, options).end(options.body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
}

test('each request of a connection that is kept alive goes to the next replica, and each answer is counted', async () => {
  const named =
    (name: string): RequestListener =>
    (_, response) =>
      response.end(name)
  const { url, counts } = await open(named('one'), named('two'))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const bodies: string[] = []
  for (let index = 0; index < 6; index++) bodies.push((await visit(url, { agent })).body.toString())
  expect(bodies).toEqual(['one', 'two', 'one', 'two', 'one', 'two'])
  expect(statuses(counts)).toEqual([200, 200, 200, 200, 200, 200])
})

test('answers that were asked for in one go are told apart, though they come in one piece and one looks like a head', async () => {
  const { edge, counts } = await open((request, response) => {
    response.statusCode = request.url === '/missing' ? 404 : 200
    response.end('HTTP/1.1 500 Not a head\r\n')
  })
  const socket: Socket = connect(edge.port, '127.0.0.1')
  const paths = ['/', '/missing', '/']
  socket.write(
    paths.map((path, index) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: ${index === 2 ? 'close' : 'keep-alive'}\r\n\r\n`).join(''),
  )
  let text = ''
  for await (const chunk of socket) text += chunk
  expect(text.match(/^HTTP\/1\.1 \d{3} (OK|Not Found)/gm)).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found', 'HTTP/1.1 200 OK'])
  expect(statuses(counts).sort()).toEqual([200, 200, 404])
})

test('502 where no replica accepts, or where the one that did ends before it has answered; another one is tried first', async () => {
  const { url, counts, servers } = await open(
    (request) => request.socket.destroy(),
    (_, response) => response.end('well'),
  )
  expect(await visit(url)).toMatchObject({
    status: 502,
    body: Buffer.from(/* as Railway says it */ '{"status":"error","code":502,"message":"Application failed to respond"}'),
  })
  servers[0]!.close().closeAllConnections()
  for (let index = 0; index < 3; index++) expect((await visit(url)).status).toBe(200)
  servers[1]!.close().closeAllConnections()
  expect((await visit(url)).status).toBe(502)
  expect(statuses(counts)).toEqual([502, 200, 200, 200, 502])
})

test('a visitor who leaves before the answer counts as 499, and the service is told', async () => {
  const [came, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { url, counts } = await open((_, response) => {
    response.once('close', () => left.resolve())
    came.resolve()
  })
  const asked = ask(url)
  asked.on('error', () => {})
  asked.end()
  await came.promise
  asked.destroy()
  await left.promise
  await eventually(
    () => statuses(counts),
    ([status]) => status === 499,
  )
})

test('what is sent and answered stays what it was: long bodies, no bodies, methods, headers; the edge says who asked', async () => {
  const { url, upstreams } = await open((request, response) => {
    response.writeHead(request.method === 'HEAD' ? 204 : 201, [
      ...['X-Seen', JSON.stringify(request.headers)],
      ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
    ])
    request.pipe(response)
  })
  const body = Buffer.alloc(3_000_000, 'helix')
  const answer = await visit(`${url}/upload?q=1`, { method: 'POST', headers: { 'X-Own': 'yes', 'x-real-ip': '6.6.6.6' }, body })
  expect(answer.status).toBe(201)
  expect(answer.body.equals(body)).toBe(true)
  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
  const seen = JSON.parse(String(answer.headers['x-seen']))
  expect(seen).toMatchObject({
    'x-own': 'yes',
    'x-real-ip': '127.0.0.1',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': new URL(url).host,
  })
  expect((await visit(url, { method: 'HEAD' })).status).toBe(204)
  await eventually(
    () => upstreams[0]!.traffic,
    ({ received, sent }) => received > 3_000_000 && sent > 3_000_000,
  )
})

test('a WebSocket passes, both ways, and counts as 101; one that is refused as what it was refused with', async () => {
  const { edge, servers, counts } = await open((_, response) => response.end())
  const sockets = new WebSocketServer({ noServer: true })
  servers[0]!.on('upgrade', (request, socket, head) => {
    if (request.url === '/no') return socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (client) => client.on('message', (data) => client.send(`Echo: ${data}`)))
  })
  const client = new WebSocket(`ws://127.0.0.1:${edge.port}/ws`)
  await once(client, 'open')
  client.send('hello')
  const [said] = await once(client, 'message')
  expect(String(said)).toBe('Echo: hello')
  client.close()
  await once(client, 'close')
  const [error] = await once(new WebSocket(`ws://127.0.0.1:${edge.port}/no`), 'error')
  expect(error.message).toContain('401')
  expect(statuses(counts)).toEqual([101, 401])
})
