import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { createTracing } from '#src/tracing/create-tracing.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer, tokenFor } from '#test/support/service.ts'
import { startCollector } from '#test/tracing/collector.ts'
import { type Given, type Listening, reading, type Streaming, startStreaming } from './running.ts'

let redis: RedisServer
let service: Streaming
const more: Streaming[] = []
beforeAll(async () => {
  redis = await redisServer()
  service = await startStreaming(redis.url, { base: { corsOrigins: ['https://page.example'] } })
})
afterAll(async () => {
  await service.stop()
  await redis.stop()
})
afterEach(async () => {
  for (const each of more.splice(0)) await each.stop()
})

async function another(given: Given): Promise<Streaming> {
  const started = await startStreaming(redis.url, given)
  more.push(started)
  return started
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds
const none = { headers: {} }
const echoes = async (client: Listening) => {
  client.send('are you there')
  return client.json((text) => text === 'Echo: are you there')
}

describe('who connects says who it is', () => {
  test('by the header Authorization', async () => {
    const client = await service.connect()
    await echoes(client)
    client.ws.close()
  })

  test('by the subprotocol, which is answered with its first part alone', async () => {
    const client = await service.connect('/ws/consciousness', none, ['bearer', tokenFor({ sub: 'page' })])
    expect(client.ws.protocol).toBe('bearer')
    await echoes(client)
    client.ws.close()
  })

  test('by its first message, which is answered, and what follows at once is not lost', async () => {
    const client = await service.connect('/ws/consciousness', none)
    client.send({ type: 'auth', token: tokenFor({ sub: 'late', role: 'viewer' }) })
    client.send('are you there')
    expect(await client.json(({ type }) => type === 'authenticated')).toMatchObject({ subject: 'late', role: 'viewer', expires_at: null })
    expect(await client.count(2)).toEqual([expect.any(String), 'Echo: are you there'])
    client.ws.close()
  })

  test('by the subprotocol, with a first message that comes together with the request', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    const request = [
      'GET /ws/consciousness HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      `Sec-WebSocket-Protocol: bearer, ${tokenFor({ sub: 'hasty' })}`,
      '\r\n',
    ].join('\r\n')
    socket.write(Buffer.concat([Buffer.from(request), Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])]))
    let answer = ''
    const ended = once(socket, 'close')
    socket.on('data', (bytes) => {
      answer += bytes
      if (/Echo: hi|must be/.test(answer)) socket.destroy()
    })
    await ended
    expect(answer).toContain('Echo: hi')
  })

  test.each([
    ['expired', tokenFor({ sub: 'x', exp: inSeconds(-60) })],
    ['foreign', tokenFor({ sub: 'x' }, 'a secret of somebody else, which is long enough')],
    ['of nobody', tokenFor({})],
    ['alg: none', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"x"}').toString('base64url')}.`],
    ['no token', 'hello'],
  ])('a token that is not good (%s) is refused: 401 in the header, 4401 in the other forms', async (_what, token) => {
    await expect(service.connect('/ws/consciousness', { headers: { authorization: `Bearer ${token}` } })).rejects.toThrow(
      'refused with 401',
    )
    const offered = await service.connect('/ws/consciousness', none, ['bearer', token.replace(/\.$/, '')])
    expect((await offered.closed)[0]).toBe(4401)
    const first = await service.connect('/ws/consciousness', none)
    first.send({ type: 'auth', token })
    expect((await first.closed)[0]).toBe(4401)
  })

  test('a first message that is something else closes with 4401, and nothing of the stream was seen', async () => {
    const client = await service.connect('/ws/consciousness', none)
    await service.ask('POST', '/api/consciousness/publish', reading())
    client.send('hello')
    expect((await client.closed)[0]).toBe(4401)
    expect(client.texts).toEqual([])
  })

  test('whoever says nothing for five seconds is closed with 4401', async () => {
    const hurried = await another({ base: { clock: hurriedClock(50) } })
    const client = await hurried.connect('/ws/consciousness', none)
    expect(await client.closed).toEqual([4401, 'No token came in time.'])
  })

  test('the end of the token ends the connection with 4401, unless a fresh one for the same subject came', async () => {
    const soon = { sub: 'renewing', exp: inSeconds(2) }
    const [ends, goesOn] = [
      await service.connect(undefined, { headers: bearer(soon) }),
      await service.connect(undefined, { headers: bearer(soon) }),
    ]
    const until = inSeconds(600)
    goesOn.send({ type: 'auth', token: tokenFor({ sub: 'renewing', exp: until }) })
    expect(await goesOn.json(({ type }) => type === 'authenticated')).toMatchObject({ expires_at: new Date(until * 1_000).toISOString() })
    expect(await ends.closed).toEqual([4401, 'The token has expired.'])
    await echoes(goesOn)
    goesOn.send({ type: 'auth', token: tokenFor({ sub: 'somebody else' }) })
    expect((await goesOn.closed)[0]).toBe(4403)
  })

  test.each(['token', 'access_token', 'jwt'])('a token in the URL (%s) is refused, and stands in no log', async (name) => {
    const token = tokenFor({ sub: 'careless' })
    await expect(service.connect(`/ws/consciousness?${name}=${token}`, none)).rejects.toThrow('refused with 400')
    expect(service.lines.join()).not.toContain(token)
  })

  test('a page of another origin is refused; one of the list, and a program, is not', async () => {
    const from = (origin: string) => service.connect(undefined, { origin, headers: bearer() })
    await expect(from('https://evil.example')).rejects.toThrow('refused with 403')
    await expect(from('null')).rejects.toThrow('refused with 403')
    const page = await from('https://page.example')
    await echoes(page)
    page.ws.close()
  })

  test('an upgrade elsewhere, and a plain GET here, are answered as HTTP', async () => {
    await expect(service.connect('/ws/nothing')).rejects.toThrow('refused with 404')
    await expect(service.connect('/api/consciousness/metrics', none)).rejects.toThrow('refused with 401')
    await expect(service.connect(`/ws/consciousness?client_id=${'x'.repeat(200)}`)).rejects.toThrow('refused with 422')
    expect(await service.ask('GET', '/ws/consciousness')).toMatchObject({
      status: 426,
      body: { detail: expect.stringContaining('WebSocket') },
    })
  })
})

describe('limits', () => {
  test('so many connections of one client_id and of one subject are allowed, then 4429; a place that is given up is free', async () => {
    const small = await another({ limits: { clientsOfSubject: 3, clientsOfId: 2 } })
    const connect = (id: string) => small.connect(`/ws/consciousness?client_id=${id}`)
    const [first] = [await connect('a'), await connect('a')]
    expect((await (await connect('a')).closed)[0]).toBe(4429)
    await connect('b')
    expect((await (await connect('c')).closed)[0]).toBe(4429)
    const other = await small.connect(undefined, { headers: bearer({ sub: 'other' }) })
    await echoes(other)
    first!.ws.close()
    await first!.closed
    await echoes(await connect('c'))
  })

  test('so many connections in all, and such that have not said who they are, are allowed: then 503', async () => {
    const small = await another({ limits: { clients: 3, waiting: 1 } })
    const waiting = await small.connect('/ws/consciousness', none)
    await expect(small.connect('/ws/consciousness', none)).rejects.toThrow('refused with 503')
    for (const _ of [1, 2]) await echoes(await small.connect())
    await expect(small.connect()).rejects.toThrow('refused with 503')
    waiting.ws.terminate()
  })

  test('a frame that is too large closes with 1009, in one piece or in many', async () => {
    const whole = await service.connect()
    whole.send('x'.repeat(65_537))
    expect((await whole.closed)[0]).toBe(1009)
    const pieces = await service.connect()
    for (const fin of [false, false, true]) pieces.ws.send('x'.repeat(30_000), { fin })
    expect((await pieces.closed)[0]).toBe(1009)
    const largest = await service.connect()
    largest.send('x'.repeat(65_536))
    expect((await largest.count(1))[0]).toHaveLength(65_536 + 'Echo: '.length)
    largest.ws.close()
  })

  test('a frame that trickles in, and a client that does not answer pings, are cut', async () => {
    const hurried = await another({ base: { clock: hurriedClock(100) } })
    const silent = await hurried.connect(undefined, { headers: bearer(), autoPong: false })
    expect((await silent.closed)[0]).toBe(1006)
    const { port } = new URL(hurried.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      `GET /ws/consciousness HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: ${bearer().authorization}\r\n\r\n`,
    )
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toContain('101 Switching Protocols')
    // A text frame of 1,000 bytes, masked, of which a byte comes now and then.
    socket.write(Buffer.from([0x81, 0xfe, 0x03, 0xe8, 1, 2, 3, 4]))
    const trickle = setInterval(() => socket.write('x'), 50)
    socket.on('error', () => {}) // A connection that is cut may well be reset.
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(trickle)
  })

  test('too many messages, or pings, close with 1008; pings that do not even wait for their pongs cut the connection', async () => {
    const client = await service.connect()
    for (let n = 0; n < 110; n += 1) client.send('x')
    expect((await client.closed)[0]).toBe(1008)
    const patient = await service.connect()
    while (patient.ws.readyState === patient.ws.OPEN) {
      for (let n = 0; n < 5; n += 1) patient.ws.ping()
      await Promise.race([once(patient.ws, 'pong'), patient.closed])
    }
    expect((await patient.closed)[0]).toBe(1008)
    const flooding = await service.connect()
    for (let n = 0; n < 5_000; n += 1) flooding.ws.ping()
    expect([1006, 1008]).toContain((await flooding.closed)[0])
  })

  test('pongs that nobody asked for close with 1008 as well, from whoever they come', async () => {
    for (const options of [undefined, none]) {
      const client = await service.connect(undefined, options)
      for (let n = 0; n < 20_000; n += 1) client.ws.pong()
      expect([1006, 1008]).toContain((await client.closed)[0])
    }
  })

  test.each([
    ['binary', (client: Listening) => client.ws.send(Buffer.from('x')), 1003],
    ['text that is no UTF-8', (client: Listening) => client.ws.send(Buffer.from([0xff]), { binary: false }), 1007],
  ])('%s is refused with its code', async (_what, send, code) => {
    const client = await service.connect()
    send(client)
    expect((await client.closed)[0]).toBe(code)
  })

  test('frames that break the protocol are refused, and hurt nobody else', async () => {
    const other = await service.connect()
    for (const bytes of [
      [0x81, 0x01, 0x78],
      [0xff, 0xff, 0xff],
      [0x83, 0x80, 0, 0, 0, 0],
      [0x89, 0xfe, 0x00, 0xff],
    ]) {
      const client = await service.connect()
      // biome-ignore lint/suspicious/noExplicitAny: what no client would send goes past the package
      ;(client.ws as any)._socket.write(Buffer.from(bytes))
      expect((await client.closed)[0]).toBe(1002)
    }
    await echoes(other)
    other.ws.close()
  })
})

test('messages that are no control messages come back as they are; control messages that are wrong are explained', async () => {
  const client = await service.connect()
  const echoed = ['hello', '', '{"type":"other"}', '{"type":5}', '[1]', '{"a":', '{"type":"clients"}', '{"__proto__":{"type":"ping"}}']
  for (const text of echoed) client.send(text)
  expect(await client.count(echoed.length)).toEqual(echoed.map((text) => `Echo: ${text}`))
  for (const wrong of [{ type: 'subscribe', channels: [] }, { type: 'subscribe', after: 'yesterday' }, { type: 'auth' }]) client.send(wrong)
  client.send({ type: 'ping', id: 7 })
  await client.count(echoed.length + 4)
  expect(client.texts.slice(-4).map((text) => JSON.parse(text))).toEqual([
    ...[1, 2, 3].map(() => ({ type: 'error', detail: expect.any(String) })),
    { type: 'pong', id: 7, time: expect.any(String) },
  ])
  client.ws.close()
})

test('with tracing on, a connection is a span that ends when it has become a WebSocket, and a refused one too', async () => {
  const collector = await startCollector()
  const tracing = createTracing({ endpoint: collector.endpoint, service: 'streaming', version: '1', share: 1, log: quietLog() })
  const traced = await another({ base: { tracing } })
  await echoes(await traced.connect())
  await expect(traced.connect(undefined, { headers: { authorization: 'Bearer x.y.z' } })).rejects.toThrow('401')
  await tracing.close()
  const spans = collector.spans.map(({ name, attributes }) => [name, attributes['http.response.status_code']])
  expect(spans).toEqual(expect.arrayContaining([101, 401].map((status) => ['GET /ws/consciousness', status])))
  await collector.close()
})
