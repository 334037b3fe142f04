import { once } from 'node:events'
import { connect } from 'node:net'
import websocket from '@fastify/websocket'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createServiceApp } from '#src/service/service-app.ts'
import { serviceBase } from '#test/support/service.ts'

async function start() {
  const app = createServiceApp({ ...serviceBase('tested'), name: 'tested', description: 'Tested.', components: {} })
  app.http.register(async (scope) => {
    await scope.register(websocket)
    scope.get('/ws', { config: { open: true }, websocket: true }, (socket, request) => {
      app.sockets.add(socket, request)
      socket.send('hello')
    })
  })
  app.http.post('/echo', { config: { open: true } }, async ({ body }) => body)
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' })
  return { app, url: new URL(url) }
}

test('the stop closes every WebSocket with a code that makes its client come again', async () => {
  const { app, url } = await start()
  const clients = [1, 2, 3].map(() => new WebSocket(`ws://${url.host}/ws`))
  await Promise.all(clients.map((client) => once(client, 'message')))
  expect(app.sockets.size).toBe(3)
  const closings = clients.map((client) => once(client, 'close'))
  expect(await app.stop(5_000)).toEqual({ cutOff: false })
  for (const [code, reason] of await Promise.all(closings)) {
    expect([code, String(reason)]).toEqual([1012, 'The service restarts: connect again.'])
  }
  await vi.waitFor(() => expect(app.sockets.size).toBe(0))
})

test('a WebSocket whose client answers nothing does not hold up the stop', async () => {
  const { app, url } = await start()
  const socket = connect(Number(url.port), '127.0.0.1')
  socket.write(
    `GET /ws HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${btoa('x'.repeat(16))}\r\n\r\n`,
  )
  await once(socket, 'data')
  const closed = once(socket, 'close')
  await app.stop(100)
  await closed
  await vi.waitFor(() => expect(app.sockets.size).toBe(0))
})

test.each([
  ['nothing', ''],
  ['half the headers', 'GET /health HTTP/1.1\r\nhost: x\r\n'],
  ['half the headers of a second request', 'GET /health HTTP/1.1\r\nhost: x\r\n\r\nGET /health HTTP/1.1\r\n'],
])('a connection on which came %s does not hold up the stop', async (_what, text) => {
  const { app, url } = await start()
  const accepted = once(app.http.server, 'connection')
  const socket = connect(Number(url.port), '127.0.0.1')
  socket.on('error', () => {}) // Cut off: no farewell is due to who has asked nothing.
  await accepted
  if (text !== '') await new Promise((written) => socket.write(text, written))
  if (text.includes('\r\n\r\n')) await once(socket, 'data')
  const closed = new Promise((resolve) => socket.resume().once('close', resolve))
  const began = performance.now()
  expect(await app.stop(8_000)).toEqual({ cutOff: false })
  expect(performance.now() - began).toBeLessThan(2_000)
  await closed
})

test('a request whose headers are whole is answered, however long its body takes', async () => {
  const { app, url } = await start()
  const reading = once(app.http.server, 'request')
  const socket = connect(Number(url.port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk))
  const closed = once(socket, 'close')
  socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n')
  await reading
  const stopped = app.stop(8_000)
  socket.write('{"a":"slow"}')
  socket.end()
  await closed
  expect(await stopped).toEqual({ cutOff: false })
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
})
