import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExistingClient, startForExistingClient } from './existing-client.ts'

const ZAPIER_SECRET = 'the secret of the webhooks'
let client: ExistingClient
beforeAll(async () => {
  client = await startForExistingClient('zapier-integration', { ZAPIER_SECRET })
})
afterAll(() => client?.stop())

const sign = (body: string) => createHmac('sha256', ZAPIER_SECRET).update(body).digest('hex')
const send = (body: object, more: Readonly<Record<string, string>> = {}, path = '/webhook/zapier') => {
  const text = JSON.stringify(body)
  return client.ask('POST', path, text, {
    authorization: '',
    'content-type': 'application/json',
    'x-zapier-event': 'lead.created',
    'x-zapier-signature': sign(text),
    ...more,
  })
}

describe('the webhook', () => {
  test('POST /webhook/zapier, signed over the body: success with an event id, told on zapier_events', async () => {
    const events = await client.hear('zapier_events')
    const { status, body } = await send({ lead: 1 })
    expect([status, body]).toEqual([200, { status: 'success', message: expect.any(String), event_id: expect.any(String) }])
    expect(await events.next()).toMatchObject({
      event_id: body.event_id,
      event_type: 'lead.created',
      payload: { lead: 1 },
      source: 'zapier',
      timestamp: expect.any(String),
    })
  })
  test('it stands on the list zapier_events_queue', async () => {
    const events = await client.hear('zapier_events')
    const { body } = await send({ lead: 2 })
    await events.next((event) => event.event_id === body.event_id)
    const queued = (await client.redis.lrange('zapier_events_queue', 0, -1)).map((each) => JSON.parse(each).event_id)
    expect(queued).toContain(body.event_id)
  })
  test('unsigned or wrongly signed: refused, and never listed', async () => {
    const before = (await client.ask('GET', '/api/events?limit=100')).body
    expect((await send({ lead: 3 }, { 'x-zapier-signature': '' })).status).toBe(401)
    expect((await send({ lead: 4 }, { 'x-zapier-signature': sign('something else') })).status).toBe(401)
    expect((await client.ask('GET', '/api/events?limit=100')).body).toEqual(before)
  })
  test('a body that was seen before is a replay', async () => {
    expect((await send({ lead: 5 })).status).toBe(200)
    expect((await send({ lead: 5 })).status).toBe(409)
  })
  test('/zapier/webhook of the older document is the same', async () => {
    expect(await send({ lead: 6 }, {}, '/zapier/webhook')).toMatchObject({ status: 200, body: { status: 'success' } })
  })
})

describe('triggers and actions', () => {
  test.each([
    ['/api/trigger', { trigger: 'deploy_done', data: { service: 'web' } }, 'zapier_triggers', 'zapier_triggers_queue'],
    ['/zapier/trigger', { trigger: 'deploy_done', data: { service: 'api' } }, 'zapier_triggers', 'zapier_triggers_queue'],
    ['/api/action', { action: 'send_message', parameters: { to: 'ops' } }, 'zapier_actions', 'zapier_actions_queue'],
  ])('POST %s answers a status, a message and an event id, tells on its channel and queues', async (path, body, channel, queue) => {
    const events = await client.hear(channel)
    const answer = await client.ask('POST', path, body)
    expect(answer).toMatchObject({
      status: 200,
      body: { status: expect.any(String), message: expect.any(String), event_id: expect.any(String) },
    })
    expect(await events.next()).toMatchObject({ event_id: answer.body.event_id, ...body })
    const queued = (await client.redis.lrange(queue, 0, -1)).map((each) => JSON.parse(each).event_id)
    expect(queued).toContain(answer.body.event_id)
  })
  test.each(['events', 'triggers', 'actions'])('GET /api/%s?limit lists at most so many, newest first', async (what) => {
    const { status, body } = await client.ask('GET', `/api/${what}?limit=1`)
    expect(status).toBe(200)
    expect(Array.isArray(body) ? body : body[what]).toHaveLength(1)
  })
  test('GET /api/webhooks/status counts, and is operational', async () => {
    const { status, body } = await client.ask('GET', '/api/webhooks/status')
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        webhookCount: expect.any(Number),
        triggerCount: expect.any(Number),
        actionCount: expect.any(Number),
        status: 'operational',
      }),
    ])
    expect(body.webhookCount).toBeGreaterThanOrEqual(4)
  })
  test('GET /api/test answers a status and a time', async () => {
    expect((await client.ask('GET', '/api/test')).body).toMatchObject({ status: expect.any(String), timestamp: expect.any(String) })
  })
})
