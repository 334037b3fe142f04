import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RedisServer } from '#src/launch/redis.ts'
import { redisServer } from '#test/support/redis.ts'
import { bearer } from '#test/support/service.ts'
import { reading, type Streaming, startStreaming } from './running.ts'

let redis: RedisServer
let service: Streaming
beforeAll(async () => {
  redis = await redisServer()
  service = await startStreaming(redis.url)
})
afterAll(async () => {
  await service.stop()
  await redis.stop()
})

const publish = (more: object = {}, headers = {}) =>
  service.ask('POST', '/api/consciousness/publish', reading(more), { ...bearer(), ...headers })
const history = async (query: string) => (await service.ask('GET', `/api/consciousness/history?${query}`)).body

test('a reading is answered as it was sent, and unknown metrics are kept on their way', async () => {
  const listener = await service.connect()
  const metrics = { harmony: 0.7, resilience: 1.1, zoom: 3.5, sattva: 0.9, note: 'calm', nested: { deep: [1] } }
  const { status, body } = await publish({ ucf_metrics: metrics })
  expect([status, body]).toEqual([
    200,
    { status: 'published', data: reading({ ucf_metrics: metrics }), stream_id: expect.stringMatching(/^\d+-\d+$/), scale: '0-1' },
  ])
  expect(JSON.parse((await listener.count(1))[0]!)).toEqual(reading({ ucf_metrics: metrics }))
  listener.ws.close()
})

test.each([
  ['a level over 10', { consciousness_level: 10.1 }],
  ['a level under 0', { consciousness_level: -1 }],
  ['a level as text', { consciousness_level: '7' }],
  ['no level', { consciousness_level: undefined }],
  ['an empty agent', { agent_id: '' }],
  ['an agent without end', { agent_id: 'x'.repeat(129) }],
  ['metrics as a list', { ucf_metrics: [1] }],
  ['no metrics', { ucf_metrics: undefined }],
  ['a metric beyond its range', { ucf_metrics: { harmony: 70 } }],
  ['a negative metric', { ucf_metrics: { zoom: -1 } }],
  ['a known metric as text', { ucf_metrics: { klesha: 'low' } }],
  ['metrics without end', { ucf_metrics: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`m${n}`, n])) }],
  ['a time that is none', { timestamp: 'soon' }],
  ['an agent with NUL', { agent_id: 'a\0b' }],
  ['an agent with half a character', { agent_id: 'a\ud800' }],
  ['a metric with NUL', { ucf_metrics: { note: ['\0'] } }],
  ['a metric named with half a character', { ucf_metrics: { '\udfff': 1 } }],
  ['a time with NUL', { timestamp: 'Jan 1 2026 (\0)' }],
  ['metrics nested too deep', { ucf_metrics: { x: JSON.parse('['.repeat(100) + ']'.repeat(100)) } }],
])('%s is refused with 422 and its place, and reaches nobody', async (_what, more) => {
  const before = await service.streams.read('consciousness_stream', { count: 1_000 })
  const { status, body } = await publish(more)
  expect([status, body.detail[0].loc[0]]).toEqual([422, 'body'])
  expect(await service.streams.read('consciousness_stream', { count: 1_000 })).toEqual(before)
})

test('a viewer may look and not publish; without a token nobody may do either', async () => {
  const viewer = bearer({ sub: 'v', role: 'viewer' })
  expect((await service.ask('POST', '/api/consciousness/publish', reading(), viewer)).status).toBe(403)
  expect((await service.ask('GET', '/api/consciousness/metrics', undefined, viewer)).status).toBe(200)
  for (const path of ['metrics', 'history'])
    expect((await service.ask('GET', `/api/consciousness/${path}`, undefined, {})).status).toBe(401)
})

test('an Idempotency-Key that was used for another reading is refused with 409, and nothing is published', async () => {
  const key = { 'idempotency-key': 'reading-2' }
  const first = await publish({ ucf_metrics: { harmony: 0.5, zoom: 1 } }, key)
  expect(first.status).toBe(200)
  for (const more of [{ agent_id: 'lumina' }, { consciousness_level: 7.4 }, { ucf_metrics: { harmony: 0.5 } }, { timestamp: undefined }]) {
    const { status, body } = await publish(more, key)
    expect([status, body]).toEqual([409, { detail: expect.stringContaining('Idempotency-Key') }])
  }
  // The same, whatever the order in which it is written.
  expect((await publish({ ucf_metrics: { zoom: 1, harmony: 0.5 } }, key)).body.stream_id).toBe(first.body.stream_id)
  expect((await history('limit=1')).readings[0].id).toBe(first.body.stream_id)
})

test('a reading without a time that is sent again under its Idempotency-Key is answered as it was published', async () => {
  const key = { 'idempotency-key': 'reading-3' }
  const first = await publish({ timestamp: undefined }, key)
  expect(await publish({ timestamp: undefined }, key)).toMatchObject({ status: 200, body: first.body })
})

test('the same Idempotency-Key publishes once', async () => {
  const key = { 'idempotency-key': 'reading-1' }
  const [first, again] = [await publish({}, key), await publish({}, key)]
  expect(again.body.stream_id).toBe(first.body.stream_id)
  const other = await service.ask('POST', '/api/consciousness/publish', reading(), { ...bearer({ sub: 'another' }), ...key })
  expect(other.body.stream_id).not.toBe(first.body.stream_id)
})

describe('the newest reading', () => {
  test('is the one under the key, whoever wrote it; what is no reading there gives way to the stream', async () => {
    await publish({ agent_id: 'mine' })
    const latest = async () => (await service.ask('GET', '/api/consciousness/metrics')).body
    expect(await latest()).toEqual({ ...reading({ agent_id: 'mine' }), scale: '0-1' })
    await service.redis.client.set('latest_consciousness_data', '{"level":7,"ucf":{}}')
    expect(await latest()).toEqual({ level: 7, ucf: {}, scale: null })
    for (const nonsense of ['', 'not json', '[1]', 'null']) {
      await service.redis.client.set('latest_consciousness_data', nonsense)
      expect(await latest()).toMatchObject({ agent_id: 'mine' })
    }
  })

  describe('is the newest of the stream, whoever published it', () => {
    const latest = async () => (await service.ask('GET', '/api/consciousness/metrics')).body
    const foreign = async (message: object) => {
      const [last] = await service.streams.read('consciousness_stream', { count: 1 })
      await service.redis.client.publish('consciousness_stream', JSON.stringify(message))
      await expect
        .poll(async () => (await service.streams.read('consciousness_stream', { after: last!.id, count: 1 }))[0]?.message)
        .toEqual(message)
    }
    const set = (message: object) => service.redis.client.set('latest_consciousness_data', JSON.stringify(message))

    test('over HTTP before, and only PUBLISHed now', async () => {
      await publish({ agent_id: 'over HTTP' })
      expect(await latest()).toMatchObject({ agent_id: 'over HTTP' })
      await foreign({ agent_id: 'only published' })
      expect(await latest()).toEqual({ agent_id: 'only published', scale: null })
      await publish({ agent_id: 'over HTTP again' })
      expect(await latest()).toMatchObject({ agent_id: 'over HTTP again' })
    })

    test('until somebody else writes the key, which counts until the next reading', async () => {
      await publish({ agent_id: 'mine' })
      await set({ agent_id: 'kept alone' })
      for (const _ of [1, 2]) expect(await latest()).toMatchObject({ agent_id: 'kept alone' })
      await foreign({ agent_id: 'next' })
      for (const _ of [1, 2]) expect(await latest()).toMatchObject({ agent_id: 'next' })
      await set({ agent_id: 'kept again' })
      expect(await latest()).toMatchObject({ agent_id: 'kept again' })
    })

    test('and what is both kept and PUBLISHed by another service is as new as its publication', async () => {
      await set({ agent_id: 'old service' })
      await foreign({ agent_id: 'old service' })
      await foreign({ agent_id: 'newer' })
      expect(await latest()).toMatchObject({ agent_id: 'newer' })
    })
  })

  test('of a source that was heard on 0–10 is on 0–10 even where all of its values would be fractions', async () => {
    const low = { harmony: 0.9, klesha: 0.5 }
    expect((await publish({ agent_id: 'tenfold', ucf_metrics: { harmony: 7.2 } })).body.scale).toBe('0-10')
    await expect
      .poll(async () => (await publish({ agent_id: 'tenfold', ucf_metrics: low })).body.scale, { timeout: 20_000, interval: 300 })
      .toBe('0-10')
    expect((await publish({ agent_id: 'other', ucf_metrics: low })).body.scale).toBe('0-1')
    expect((await publish({ agent_id: 'bare', ucf_metrics: { zoom: 7 } })).body.scale).toBeNull()
  })
})

test('what is nested too deep is refused with 422, however deep', async () => {
  for (const depth of [5_000, 100_000]) {
    const text = JSON.stringify(reading({ ucf_metrics: { x: 'HERE' } })).replace('"HERE"', '['.repeat(depth) + ']'.repeat(depth))
    const answer = await fetch(`${service.url}/api/consciousness/publish`, {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json' },
      body: text,
    })
    expect([answer.status, (await answer.json()).detail[0].loc]).toEqual([422, ['body', 'ucf_metrics']])
  }
})

test('what others publish or keep nested without a bottom breaks no answer', async () => {
  const deep = `{"agent_id":"deep","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
  await publish({ agent_id: 'before' })
  await service.redis.client.publish('consciousness_stream', deep)
  const last = (await publish({ agent_id: 'after' })).body.stream_id
  await service.redis.client.set('latest_consciousness_data', deep)
  expect((await service.ask('GET', '/api/consciousness/metrics')).body).toMatchObject({ agent_id: 'after' })
  await expect.poll(async () => (await history('limit=2')).readings.at(-1).id).toBe(last)
  expect((await history('limit=2')).readings).toMatchObject([{ agent_id: 'before' }, { agent_id: 'after' }])
})

describe('history', () => {
  test('is of one agent or all, between two moments, oldest first, a page at a time', async () => {
    for (let n = 0; n < 30; n += 1) await publish({ agent_id: n % 3 === 0 ? 'third' : 'others', consciousness_level: n / 10 })
    const { readings, more } = await history('agent=third&limit=4')
    expect([readings.map((each: { consciousness_level: number }) => each.consciousness_level), more]).toEqual([[1.8, 2.1, 2.4, 2.7], true])
    expect(readings[0]).toEqual({ ...reading({ agent_id: 'third', consciousness_level: 1.8 }), id: expect.any(String), scale: '0-1' })
    const [time] = readings[0].id.split('-').map(Number)
    const since = await history(`agent=third&from=${new Date(time).toISOString()}`)
    expect(since.readings.map((each: { id: string }) => each.id)).toEqual(readings.map((each: { id: string }) => each.id))
    const until = await history(`agent=third&to=${time}&limit=1000`)
    expect(until.readings.at(-1).id).toBe(readings[0].id)
    const next = await history(`agent=third&after=${readings[1].id}&limit=1`)
    expect([next.readings[0].id, next.more]).toEqual([readings[2].id, true])
  })

  test.each(['limit=0', 'limit=1001', 'limit=x', 'from=soon', 'after=soon', 'agent=', `from=${2e12}&to=${1e12}`])(
    '%s is a 422',
    async (query) => {
      expect((await service.ask('GET', `/api/consciousness/history?${query}`)).status).toBe(422)
    },
  )
})
