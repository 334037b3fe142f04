import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import { bearer, serviceBase, type TestBase } from '#test/support/service.ts'

let base: TestBase
let app: ServiceApp
let port: number
beforeAll(async () => {
  base = serviceBase('tested')
  app = createServiceApp({ ...base, name: 'tested', description: 'Tested.', components: {}, bodyLimit: 1_000, requestTimeoutMs: 300 })
  app.http.get('/api/agents/:agent_id', async ({ params }) => params)
  app.http.route({ method: ['DELETE', 'PUT', 'POST', 'OPTIONS'], url: '/bodiless', handler: async ({ body }) => ({ body: body ?? null }) })
  app.http.post('/echo', { schema: { body: z.object({ text: z.string() }) } }, async ({ body }) => body)
  await app.http.listen({ port: 0, host: '127.0.0.1' })
  port = Number(new URL(app.http.listeningOrigin).port)
})
afterAll(() => app.stop(0))

/** As it stands, byte by byte: no client of ours mends it. */
async function raw(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk))
  socket.on('error', () => {}) // Cut off in the middle of writing: what was answered is what counts.
  await once(socket, 'connect')
  socket.write(text)
  await once(socket, 'close')
  return answer
}

const { authorization } = bearer()
const post = (headers: string, body: string) =>
  raw(`POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${authorization}\r\n${headers}\r\n\r\n${body}`)
const json = (body: string) => post(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`, body)

test.each(['DELETE', 'PUT', 'POST', 'OPTIONS'])('%s without a body is that, whatever it says of the type of its body', async (method) => {
  for (const type of ['application/json', 'application/json; charset=utf-8']) {
    for (const length of ['content-length: 0\r\n', '', 'transfer-encoding: chunked\r\n']) {
      const end = length.startsWith('transfer') ? '0\r\n\r\n' : ''
      const answer = await raw(
        `${method} /bodiless HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${authorization}\r\ncontent-type: ${type}\r\n${length}\r\n${end}`,
      )
      expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]+\{"body":null\}$/)
    }
  }
})

test('a route that needs a body says so where there is none, in the place where it is missing', async () => {
  const answer = await json('')
  expect(answer).toMatch(/^HTTP\/1.1 422 /)
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).detail[0].loc).toEqual(['body'])
})

test.each(['{"__proto__":{"text":"x"}}', '{"constructor":{"prototype":{"text":"x"}}}'])(
  'a body that would change prototypes is refused: %s',
  async (body) => {
    expect(await json(body)).toMatch(/^HTTP\/1.1 422 [\s\S]+a key that is not taken/)
  },
)

test.each([
  ['headers without end', `GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'too large'],
  ['an endless address', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431, 'too large'],
  ['an endless token', `GET /api/agents/7 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'too large'],
  ['no HTTP at all', '\x16\x03\x01\x02hunter2\r\n\r\n', 400, 'cannot be read|can be read'],
  ['a line break in a header', 'GET /health HTTP/1.1\r\nhost: x\r\nx: a\nb\r\n\r\n', 400, 'can be read'],
  ['two lengths', 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}', 400, 'can be read'],
  [
    'a length and chunks',
    'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}',
    400,
    'can be read',
  ],
  ['an address with broken escapes', 'GET /api/agents/%E0%A4%A HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400, 'not a valid url'],
])('%s is refused in our form', async (_what, text, status, detail) => {
  const answer = await raw(text)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).detail).toMatch(new RegExp(detail))
  expect(answer).not.toContain('hunter2')
})

test.each([
  ['/api/agents/../../etc/passwd', 404],
  ['/docs/static/../../../package.json', 404],
  ['//etc/passwd', 404],
  ['/api/agents/..%2f..%2fetc%2fpasswd', 200],
  ["/api/agents/1'%20OR%20'1'='1", 200],
  ['/api/agents/%00', 200],
])('%s is a name or nothing, never a path', async (path, status) => {
  const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${authorization}\r\n\r\n`)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).not.toMatch(/root:|"name": "helix"/)
  if (status === 200) expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).agent_id).toBe(decodeURIComponent(path.slice(12)))
})

test.each([
  ['huge', JSON.stringify({ text: 'x'.repeat(2_000) }), 413],
  ['cut short', '{"text":"hel', 422],
  ['nested without end', '['.repeat(900), 422],
  ['a prototype', '{"text":"a","__proto__":{"role":"admin"}}', 422],
  ['a constructor', '{"text":"a","constructor":{"prototype":{"role":"admin"}}}', 422],
  ['of the wrong kind', '"text"', 422],
  ['null', 'null', 422],
  ['not UTF-8', '\xff\xfe', 422],
])('JSON that is %s is a refusal', async (_what, body, status) => {
  const answer = await json(body)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test.each([
  ['none', 'content-length: 2', '{}', 415],
  ['XML', 'content-type: application/xml\r\ncontent-length: 2', '{}', 415],
  ['a form', 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 6', 'text=a', 415],
  ['one that is no type', 'content-type: ;;;\r\ncontent-length: 2', '{}', 415],
  ['text that says it were JSON', 'content-type: application/json\r\ncontent-length: 5', 'hello', 422],
])('a body whose type is %s is a refusal', async (_what, headers, body, status) => {
  expect(await post(headers, body)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('chunks that grow without end are cut off at the limit', async () => {
  const chunk = `ff\r\n${'x'.repeat(255)}\r\n`
  expect(await post('content-type: application/json\r\ntransfer-encoding: chunked', chunk.repeat(8))).toMatch(/^HTTP\/1.1 413 /)
})

test.each([
  [
    'a body',
    `POST /echo HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"te`,
  ],
  ['its headers', 'GET /health HTTP/1.1\r\nhost: x\r\n'],
])('who sends %s and never ends it is told so, and gone', async (_what, text) => {
  const answer = await raw(text)
  expect(answer).toMatch(/^HTTP\/1.1 408 /)
  expect(answer).toContain('{"detail":"The request took too long to arrive."}')
})

test('anything that is asked is answered, and never a bug of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
      fc.webPath(),
      fc.oneof(fc.string(), fc.json()),
      fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', ''),
      async (method, path, payload, type) => {
        const headers = { ...bearer(), ...(type && { 'content-type': type }) }
        const { statusCode } = await app.http.inject({ method: method as 'GET', url: path || '/', payload, headers })
        expect(statusCode).toBeLessThan(500)
      },
    ),
  )
  expect(base.lines.filter((line) => line.includes('request failed'))).toEqual([])
})
