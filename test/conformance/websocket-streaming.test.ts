import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExistingClient, startForExistingClient } from './existing-client.ts'

let client: ExistingClient
beforeAll(async () => {
  client = await startForExistingClient('websocket-streaming')
})
afterAll(() => client?.stop())

const reading = (more: object = {}) => ({
  agent_id: 'kael',
  consciousness_level: 7.5,
  ucf_metrics: { harmony: 0.7, resilience: 1.1, prana: 0.6, drishti: 0.7, klesha: 0.1, zoom: 1 },
  timestamp: '2025-12-13T10:00:00Z',
  ...more,
})
const text = async (socket: Awaited<ReturnType<ExistingClient['socket']>>) => String((await once(socket, 'message'))[0])

describe('the websocket service of before', () => {
  test('GET /api/consciousness/metrics before anything was published: no_data', async () => {
    expect(await client.ask('GET', '/api/consciousness/metrics')).toMatchObject({ status: 200, body: { status: 'no_data' } })
  })
  test('POST /api/consciousness/publish answers published with the data, and publishes it on consciousness_stream', async () => {
    const stream = await client.hear('consciousness_stream')
    const answer = await client.ask('POST', '/api/consciousness/publish', reading())
    expect(answer).toMatchObject({ status: 200, body: { status: 'published', data: reading() } })
    expect(await stream.next()).toMatchObject(reading())
  })
  test('GET /api/consciousness/metrics is the newest reading, which stands at latest_consciousness_data', async () => {
    await client.ask('POST', '/api/consciousness/publish', reading({ consciousness_level: 8 }))
    expect(JSON.parse((await client.redis.get('latest_consciousness_data'))!)).toMatchObject({ agent_id: 'kael', consciousness_level: 8 })
    expect((await client.ask('GET', '/api/consciousness/metrics')).body).toMatchObject({ agent_id: 'kael', consciousness_level: 8 })
  })
  test('a latest_consciousness_data that somebody else wrote is answered too', async () => {
    await client.redis.set('latest_consciousness_data', JSON.stringify({ agent_id: 'lumina', consciousness_level: 4 }))
    expect((await client.ask('GET', '/api/consciousness/metrics')).body).toMatchObject({ agent_id: 'lumina', consciousness_level: 4 })
  })
  test('WS /ws/consciousness?client_id= gets every message of the stream as text, whoever published it', async () => {
    const socket = await client.socket('/ws/consciousness?client_id=dashboard')
    const heard = text(socket)
    await client.redis.publish('consciousness_stream', JSON.stringify({ agent_id: 'foreign', consciousness_level: 5, note: 'as it was' }))
    expect(JSON.parse(await heard)).toMatchObject({ agent_id: 'foreign', consciousness_level: 5, note: 'as it was' })
    const next = text(socket)
    await client.ask('POST', '/api/consciousness/publish', reading({ agent_id: 'own' }))
    expect(JSON.parse(await next)).toMatchObject({ agent_id: 'own' })
  })
  test('what a client sends comes back to it as Echo: …', async () => {
    const socket = await client.socket('/ws/consciousness?client_id=echo')
    const heard = text(socket)
    socket.send('hello there')
    expect(await heard).toBe('Echo: hello there')
  })
  test.each([
    ['no agent_id', { agent_id: undefined }],
    ['a level that is no number', { consciousness_level: 'high' }],
    ['metrics that are no object', { ucf_metrics: 7 }],
  ])('%s: 422 with a detail for each fault', async (_what, more) => {
    const { status, body } = await client.ask('POST', '/api/consciousness/publish', reading(more))
    expect([status, body.detail[0]]).toEqual([422, expect.objectContaining({ loc: expect.any(Array), msg: expect.any(String) })])
  })
})
