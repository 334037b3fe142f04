import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { serviceBase } from '#test/support/service.ts'

const closed = vi.fn(async () => {})
let lines: readonly string[]
let app: ServiceApp

beforeEach(() => {
  closed.mockClear()
  const base = serviceBase('tested')
  lines = base.lines
  const components = { store: { check: async () => {}, close: closed } }
  app = createServiceApp({ ...base, name: 'tested', description: 'Tested.', components, bodyLimit: 100 })
  const body = z.object({ replicas: z.number().int(), labels: z.array(z.string()) })
  app.http.post('/scale', { config: { open: true }, schema: { body } }, async (request) => request.body)
  app.http.get('/bug', { config: { open: true } }, async () => {
    throw new Error('column "secret" does not exist')
  })
  app.http.get('/user', { config: { open: true } }, async () => {
    throw new UserError('There is no agent "x".')
  })
  app.http.get('/unstorable', { config: { open: true } }, async () => {
    throw Object.assign(new Error('invalid byte sequence for encoding "UTF8": 0x00'), { code: '22021' })
  })
  app.http.get('/upstream', { config: { open: true } }, async () => {
    throw new UpstreamError('Google did not answer.', { provider: 'Google', operation: 'x', retryable: true, outcome: 'ambiguous' })
  })
})
afterEach(() => app.stop(0))

const post = (payload: string, type = 'application/json') =>
  app.http.inject({ method: 'POST', url: '/scale', headers: { 'content-type': type }, payload })

test('a body that does not fit its schema is a 422 that says where', async () => {
  const answer = await post('{"replicas":1.5,"labels":["a",2]}')
  expect(answer.statusCode).toBe(422)
  expect(answer.json().detail).toMatchObject([
    { loc: ['body', 'replicas'], type: 'invalid_type' },
    { loc: ['body', 'labels', 1], type: 'invalid_type' },
  ])
})

test('a body that fits arrives as its schema made it', async () => {
  const answer = await post('{"replicas":2,"labels":[],"more":1}')
  expect([answer.statusCode, answer.json()]).toEqual([200, { replicas: 2, labels: [] }])
})

test.each([
  ['broken JSON', '{"replicas":', 'application/json', 422],
  ['a prototype in the body', '{"__proto__":{"x":1}}', 'application/json', 422],
  ['a body over the limit', JSON.stringify('x'.repeat(200)), 'application/json', 413],
  ['an unknown media type', 'x', 'application/xml', 415],
])('%s is refused with a detail', async (_what, payload, type, status) => {
  const answer = await post(payload, type)
  expect([answer.statusCode, answer.json()]).toEqual([status, { detail: expect.any(String) }])
})

test('a body that is missing is a fault of the body, as one that does not fit', async () => {
  for (const answer of [await post('', 'application/json'), await app.http.inject({ method: 'POST', url: '/scale' })]) {
    expect([answer.statusCode, answer.json().detail]).toEqual([422, [{ loc: ['body'], msg: expect.any(String), type: 'invalid_type' }]])
  }
})

test('a bug is a 500 with an incident that the log has too, and nothing of the inside', async () => {
  const answer = await app.http.inject('/bug')
  expect(answer.statusCode).toBe(500)
  const { detail, incident } = answer.json()
  expect(detail).toContain(incident)
  expect(answer.body).not.toContain('column')
  expect(lines.filter((line) => line.includes(incident) && line.includes('column \\"secret\\" does not exist'))).toHaveLength(1)
})

test('what a caller did wrong is a 400, what a provider did not do a 503', async () => {
  const user = await app.http.inject('/user')
  expect([user.statusCode, user.json()]).toEqual([400, { detail: 'There is no agent "x".' }])
  const upstream = await app.http.inject('/upstream')
  expect([upstream.statusCode, upstream.json()]).toEqual([503, { detail: 'Google did not answer.' }])
})

test('characters that the database keeps nowhere are a 422, wherever in a request they were', async () => {
  const answer = await app.http.inject('/unstorable')
  expect([answer.statusCode, answer.json()]).toEqual([422, { detail: 'The request holds characters that cannot be kept, such as NUL.' }])
})

test('a request id is kept where it is harmless, made where it is not, and always answered', async () => {
  const ask = async (id: string) =>
    (await app.http.inject({ url: '/health/live', headers: { 'x-request-id': id } })).headers['x-request-id']
  expect(await ask('deploy-7.1')).toBe('deploy-7.1')
  expect(await ask('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/)
  expect(await ask('a b"')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a request is logged at debug by its route, without its query', async () => {
  await app.http.inject('/health/live?token=hunter2')
  const line = JSON.parse(lines.find((each) => each.includes('answered'))!)
  expect(line).toMatchObject({ level: 'debug', method: 'GET', route: '/health/live', status: 200, reqId: expect.any(String) })
  expect(lines.join('')).not.toContain('hunter2')
})

test('while it stops it says so, and is not ready', async () => {
  const stopping = createServiceApp({ ...serviceBase('stopping'), name: 'stopping', description: 'Stops.', components: {} })
  stopping.health.drain()
  const [health, ready] = await Promise.all(['/health', '/health/ready'].map((url) => stopping.http.inject(url)))
  expect([health!.statusCode, health!.json().status]).toEqual([503, 'unhealthy'])
  expect([ready!.statusCode, ready!.json()]).toEqual([503, { ready: false, service: 'stopping', draining: true, waitingFor: [] }])
  expect(ready!.headers.connection).toBe('close')
})

test('the stop cuts off what takes longer than its limit, then closes the components', async () => {
  app.http.get('/never', { config: { open: true } }, () => new Promise(() => {}))
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' })
  const asked = new Promise((resolve) => app.http.server.once('request', resolve))
  const answer = fetch(`${url}/never`).then(
    () => 'answered',
    () => 'cut off',
  )
  await asked
  expect(await app.stop(50)).toEqual({ cutOff: true })
  expect(await answer).toBe('cut off')
  expect(closed).toHaveBeenCalledOnce()
})

test('a component that does not close, or fails to, is no hindrance', async () => {
  const base = serviceBase('stuck', { clock: hurriedClock(100) })
  const fails = { check: async () => {}, close: () => Promise.reject(new Error('no connection')) }
  const hangs = { check: async () => {}, close: () => new Promise<void>(() => {}) }
  const stuck = createServiceApp({ ...base, name: 'stuck', description: 'Stuck.', components: { fails, hangs } })
  expect(await stuck.stop(60_000)).toEqual({ cutOff: false })
  expect(base.lines.join('')).toContain('a component did not close')
})
