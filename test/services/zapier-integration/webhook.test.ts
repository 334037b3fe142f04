import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer } from '../../support/service.ts'
import { zapierSecret } from '../service-process.ts'
import { hex, timestamped } from './sender.ts'
import { type Started, startZapier } from './started.ts'

let zapier: Started
beforeAll(async () => {
  zapier = await startZapier()
})
afterAll(() => zapier?.stop())

const unique = (more: object = {}) => JSON.stringify({ at: Math.random(), ...more })
const count = async () => (await zapier.ask('GET', '/api/webhooks/status')).body.webhookCount as number

describe('a webhook is accepted', () => {
  test('in both forms, before it is answered, and told once', async () => {
    const plain = unique()
    const answer = await zapier.send(plain)
    expect(answer).toEqual({ status: 200, body: { status: 'success', message: expect.any(String), event_id: expect.any(String) } })
    const better = unique()
    expect((await zapier.send(better, timestamped(zapierSecret, better, new Date()))).status).toBe(200)
    const { body } = await zapier.ask('GET', `/api/outcomes/${answer.body.event_id}`)
    expect(body).toMatchObject({ event_id: answer.body.event_id, name: 'load.test', payload: JSON.parse(plain) })
  })
  test('without a type it is a zapier_webhook; of a name that comes twice the last counts', async () => {
    const body = '{"a":1,"a":2}'
    const { body: answer } = await zapier.send(body, { 'x-zapier-event': '' })
    const { body: report } = await zapier.ask('GET', `/api/outcomes/${answer.event_id}`)
    expect([report.name, report.payload]).toEqual(['zapier_webhook', { a: 2 }])
  })
  test('with numbers that JavaScript cannot hold: they reach lists, Redis and its channel digit by digit', async () => {
    const numbers = '"far":1e999,"id":12345678901234567890,"fine":0.12345678901234567891'
    const { body: answer } = await zapier.send(`{"at":${Math.random()},${numbers}}`)
    await expect.poll(async () => (await zapier.ask('GET', `/api/outcomes/${answer.event_id}`)).body.state).toBe('done')
    const headers = bearer({ sub: 'tester', role: 'admin' })
    expect(await (await fetch(`${zapier.url}/api/outcomes/${answer.event_id}`, { headers })).text()).toContain(numbers)
    expect(await (await fetch(`${zapier.url}/api/events?limit=1`, { headers })).text()).toContain(numbers)
    expect(await zapier.redis.client.lindex('zapier_events_queue', 0)).toContain(numbers)
  })
  test.each(['[1,2]', '"text"', 'null', '12'])('with any JSON: %s', async (body) => expect((await zapier.send(body)).status).toBe(200))
  test('when others at the same moment are replays: each gets its own answer', async () => {
    const [first, second, third] = [unique(), unique(), unique()]
    const answers = await Promise.all([first, second, first, third, second, first].map((body) => zapier.send(body)))
    const statuses = [first, second, third].map((_, at) =>
      answers.filter((__, n) => [0, 1, 0, 2, 1, 0][n] === at).map(({ status }) => status),
    )
    expect(statuses.map((each) => each.sort())).toEqual([[200, 409, 409], [200, 409], [200]])
    const accepted = answers.find(({ status }, n) => status === 200 && [0, 2, 5].includes(n))
    expect(answers.filter((_, n) => [0, 2, 5].includes(n)).map(({ body }) => body.event_id)).toEqual(Array(3).fill(accepted!.body.event_id))
  })
})

describe('a webhook is refused, and leaves no trace', () => {
  const body = unique()
  const nul = '{"a":"\\u0000"}'
  const cases: readonly (readonly [string, number, string, Readonly<Record<string, string>>])[] = [
    ['unsigned', 401, body, { 'x-zapier-signature': '' }],
    ['signed wrongly', 401, body, { 'x-zapier-signature': hex(zapierSecret, 'other') }],
    ['late', 401, body, timestamped(zapierSecret, body, new Date(Date.now() - 400_000))],
    ['from the future', 401, body, timestamped(zapierSecret, body, new Date(Date.now() + 120_000))],
    ['huge', 413, JSON.stringify({ a: 'x'.repeat(200_000) }), {}],
    ['small on the wire, huge when written out', 413, `[${'1e20,'.repeat(20_000)}1]`, {}],
    ['malformed', 422, '{"a":', {}],
    ['empty', 422, '', {}],
    ['of another type', 415, body, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of no type that is one', 415, body, { 'content-type': 'nonsense' }],
    ['deeply nested', 422, `${'['.repeat(5_000)}${']'.repeat(5_000)}`, {}],
    ['with NUL', 422, nul, {}],
    ['with NUL in a name', 422, '{"a\\u0000":1}', {}],
    ['with half of a surrogate pair', 422, '{"a":"\\ud800"}', {}],
    ['with a NUL byte', 422, '{"a":"\0"}', {}],
    ['with a type that is too long', 422, body, { 'x-zapier-event': 'x'.repeat(201) }],
  ]
  test.each(cases)('%s: %i', async (_what, status, text, headers) => {
    const before = await count()
    const answer = await zapier.send(text, headers)
    expect([answer.status, answer.body.detail]).toEqual([status, expect.anything()])
    expect(await count()).toBe(before)
  })
  test('that is not UTF-8: 422', async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])
    const signature = createHmac('sha256', zapierSecret).update(bytes).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-zapier-signature': signature }
    const answer = await fetch(`${zapier.url}/webhook/zapier`, { method: 'POST', headers, body: bytes })
    expect(answer.status).toBe(422)
  })
  test('replayed in either form: 409 with the id of the first, for a day', async () => {
    const [plain, better] = [unique(), unique()]
    const headers = timestamped(zapierSecret, better, new Date())
    const firsts = [await zapier.send(plain), await zapier.send(better, headers)]
    const before = await count()
    const again = [await zapier.send(plain), await zapier.send(better, headers), await zapier.send(plain, { 'x-zapier-event': 'other' })]
    expect(again.map(({ status }) => status)).toEqual([409, 409, 409])
    expect(again.map(({ body: said }) => said.event_id)).toEqual([firsts[0], firsts[1], firsts[0]].map((first) => first!.body.event_id))
    expect(await count()).toBe(before)
    await zapier.postgres.db
      .updateTable('zapier.seen')
      .set({ until: new Date(Date.now() - 1) })
      .execute()
    expect((await zapier.send(plain)).status).toBe(200)
  })
  test('that is the same by the key in its body, however and whenever it was signed', async () => {
    const body = unique({ idempotency_key: 'order 7' })
    const other = unique({ idempotency_key: 'order 7' })
    const signedAt = (seconds: number, text: string) => timestamped(zapierSecret, text, new Date(Date.now() - seconds * 1_000))
    const first = await zapier.send(body, signedAt(20, body))
    expect(first.status).toBe(200)
    const before = await count()
    const again = [await zapier.send(body, signedAt(0, body)), await zapier.send(body), await zapier.send(other, signedAt(1, other))]
    expect(again).toEqual(Array(3).fill({ status: 409, body: { detail: expect.any(String), event_id: first.body.event_id } }))
    expect(await count()).toBe(before)
    const without = unique()
    for (const seconds of [20, 0]) expect((await zapier.send(without, signedAt(seconds, without))).status).toBe(200)
  })
  test('that never ends its body: the others are answered meanwhile', async () => {
    const { hostname, port } = new URL(zapier.url)
    const socket = connect(Number(port), hostname)
    socket.write('POST /webhook/zapier HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{')
    expect((await zapier.send(unique())).status).toBe(200)
    socket.destroy()
  })
})

describe('what is asked with a token', () => {
  test.each(['/api/events', '/api/triggers', '/api/actions', '/api/outcomes', '/api/dead-letters'])(
    '%s?limit takes numbers alone',
    async (path) => {
      for (const limit of ['1; DROP TABLE zapier.events', '1 OR 1=1', '-1', 'x', '1e3'])
        expect((await zapier.ask('GET', `${path}?limit=${encodeURIComponent(limit)}`)).status).toBe(422)
      expect((await zapier.ask('GET', `${path}?limit=1000000`)).status).toBe(200)
    },
  )
  test.each([
    ['GET', "/api/outcomes/' OR 1=1 --"],
    ['POST', '/api/dead-letters/1;DROP/retry'],
    ['DELETE', '/api/dead-letters/x'],
  ])('%s %s is refused', async (method, path) => expect((await zapier.ask(method, encodeURI(path))).status).toBe(422))
  test("an id of SQL's finds no rule, and the tables stand", async () => {
    expect((await zapier.ask('GET', `/api/rules/${encodeURIComponent("x'; DROP TABLE zapier.rules; --")}`)).status).toBe(404)
    expect((await zapier.ask('GET', '/api/rules')).body).toEqual([])
  })
  test('triggers whose data cannot be kept are refused; one under a key of before is not sent twice', async () => {
    expect((await zapier.ask('POST', '/api/trigger', { trigger: 'x', data: { a: '\0' } })).status).toBe(422)
    expect((await zapier.ask('POST', '/api/trigger', { trigger: 'x', target: 'nowhere' })).status).toBe(422)
    const asked = { trigger: 'x', data: {}, idempotency_key: 'k1' }
    const [first, second] = [await zapier.ask('POST', '/api/trigger', asked), await zapier.ask('POST', '/api/trigger', asked)]
    expect([second.status, second.body.event_id]).toEqual([200, first.body.event_id])
  })
  test('rules are for admins to change, payloads for operators to see', async () => {
    const rule = { name: 'r', event: '*', command: 'status' }
    expect((await zapier.ask('POST', '/api/rules', rule, 'operator')).status).toBe(403)
    expect((await zapier.ask('GET', '/api/events', undefined, 'viewer')).status).toBe(403)
    expect((await zapier.ask('GET', '/api/webhooks/status', undefined, 'viewer')).status).toBe(200)
  })
  test('GET /api/test says that it works; POST sends a signed event in by the front door', async () => {
    expect((await zapier.ask('GET', '/api/test')).body.status).toBe('Zapier integration service is running')
    const { body } = await zapier.ask('POST', '/api/test')
    const report = await zapier.ask('GET', `/api/outcomes/${body.event_id}`)
    expect(report.body).toMatchObject({ name: 'helix.test', kind: 'event', payload: { test: true, by: 'tester' } })
  })
})

describe('/docs', () => {
  test('says how a webhook is sent: its body, its three headers, and everything that it answers', async () => {
    const { post } = (await zapier.ask('GET', '/docs/json')).body.paths['/webhook/zapier']
    expect(post.parameters).toMatchObject([
      { in: 'header', name: 'x-zapier-signature', required: true, description: expect.stringContaining('HMAC-SHA256') },
      { in: 'header', name: 'x-zapier-timestamp', required: false, description: expect.any(String) },
      { in: 'header', name: 'x-zapier-event', required: false, description: expect.any(String) },
    ])
    expect(post.requestBody.content['application/json'].schema.description).toContain('JSON')
    expect(Object.keys(post.responses)).toEqual(['200', '401', '409', '413', '415', '422', '429', '503'])
    expect(post.responses[409].content['application/json'].schema.properties).toHaveProperty('event_id')
    expect(post.security).toEqual([])
  })
  test('says of every route of this service what it does', async () => {
    const { paths } = (await zapier.ask('GET', '/docs/json')).body
    const own = Object.entries(paths).filter(([path]) => /^\/(webhook|api\/(?!v1|info))/.test(path)) as [string, Record<string, object>][]
    const silent = own.flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, route]) => ('summary' in route ? [] : [`${method} ${path}`])),
    )
    expect(own.length).toBeGreaterThan(12)
    expect(silent).toEqual([])
  })
})
