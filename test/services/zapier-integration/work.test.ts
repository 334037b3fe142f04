import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { digestOf } from '#services/zapier-integration/rules/rule.ts'
import { addWork, settleWork, takeWork } from '#services/zapier-integration/work/work-queue.ts'
import type { CallAnswer } from '#src/automation/call-wire.ts'
import { meshVariables } from '#src/config/mesh-variables.ts'
import { readConfig } from '#src/config/read-config.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createMesh } from '#src/mesh/create-mesh.ts'
import { noTracing } from '#src/tracing/tracing.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { bearer, tokensOf } from '../../support/service.ts'
import { type Received, type Reply, startStandIn } from './stand-in.ts'
import { type Started, startZapier } from './started.ts'

/** What the bot and the hook answer next; as in their own tests where nothing is said. */
let botAnswers: (received: Received, n: number) => Reply
let hookAnswers: (received: Received, n: number) => Reply
const fine = (answer: Partial<CallAnswer> = {}): Reply => ({
  status: 200,
  body: { status: 'started', sentence: 'web is scaled to 3.', operation: 'op1', ...answer },
})
let bot: Awaited<ReturnType<typeof startStandIn>>
let hook: Awaited<ReturnType<typeof startStandIn>>
let zapier: Started
beforeAll(async () => {
  bot = await startStandIn((...given) => botAnswers(...given))
  hook = await startStandIn((...given) => hookAnswers(...given))
  const clock = systemClock()
  const config = readConfig(z.object(meshVariables), { HELIX_BOT_URL: bot.url.origin })
  const mesh = createMesh({
    self: 'zapier-integration',
    config,
    tokens: tokensOf('zapier-integration'),
    tracing: noTracing,
    clock,
    log: quietLog(),
    limits: { firstPauseMs: 1 },
  })
  zapier = await startZapier({ base: { mesh }, hooks: new Map([['communications-hub', hook.url]]) })
})
afterEach(async () => {
  for (const { name } of (await zapier.ask('GET', '/api/rules')).body) await zapier.ask('DELETE', `/api/rules/${name}`)
  bot.received.length = 0
  hook.received.length = 0
})
afterAll(async () => {
  await zapier?.stop()
  await bot?.stop()
  await hook?.stop()
})

const rule = { name: 'scale-web', event: 'deploy.*', where: { service: 'web' }, command: 'scale' }
const templates = { service: '{{payload.service}}', replicas: '{{payload.replicas}}' }
const addRule = async (more: object = {}) => {
  const { body } = await zapier.ask('POST', '/api/rules', { ...rule, arguments: templates, ...more })
  return (await zapier.ask('POST', `/api/rules/${body.id}/enable`)).body
}
const arrive = async (payload: object = {}, type = 'deploy.asked') => {
  const body = JSON.stringify({ service: 'web', replicas: 3, at: Math.random(), ...payload })
  return (await zapier.send(body, { 'x-zapier-event': type })).body.event_id as string
}
const report = async (id: string) => (await zapier.ask('GET', `/api/outcomes/${id}`)).body
const settled = (id: string, what = 'call') =>
  expect.poll(async () => (await report(id)).effects.find((effect: { what: string }) => effect.what === what)?.state, { timeout: 10_000 })

describe('rules', () => {
  test('call a command of the bot with the values of the event, once, as the version that a person confirms', async () => {
    botAnswers = () => fine()
    const made = await addRule({ environment: 'staging' })
    const id = await arrive()
    await settled(id).toBe('done')
    expect(bot.received).toHaveLength(1)
    expect(bot.received[0]!.headers.authorization).toMatch(/^Bearer /)
    expect(JSON.parse(bot.received[0]!.text)).toEqual({
      key: `call:${id}:${made.id}`,
      command: 'scale',
      arguments: { service: 'web', replicas: 3 },
      environment: 'staging',
      rule: { id: made.id, digest: made.digest },
      reason: 'Zapier sent deploy.asked, for which there is the rule scale-web.',
    })
    expect((await report(id)).effects.at(-1)).toMatchObject({
      rule: 'scale-web',
      sentence: 'web is scaled to 3.',
      operation: 'op1',
      attempts: 1,
    })
  })
  test('are asked again while the bot is away, under the same key', async () => {
    const notYet = (n: number): Reply => ({ status: n === 3 ? 409 : 503, body: { detail: n === 3 ? 'Under way.' : 'Starting.' } })
    botAnswers = (_, n) => (n < 4 ? notYet(n) : fine())
    await addRule()
    const id = await arrive()
    await settled(id).toBe('done')
    expect(new Set(bot.received.map(({ text }) => JSON.parse(text).key)).size).toBe(1)
  })
  test.each(['refused', 'denied', 'needs-confirmation', 'failed'] as const)(
    '%s by the bot is recorded, and not asked again',
    async (status) => {
      botAnswers = () => fine({ status, sentence: 'No.' })
      await addRule()
      const id = await arrive()
      await settled(id).toBe('refused')
      expect((await report(id)).effects.at(-1)).toMatchObject({ sentence: 'No.', attempts: 1 })
      expect(bot.received).toHaveLength(1)
    },
  )
  test('that name what the event does not have are refused with a sentence; other events pass by', async () => {
    botAnswers = () => fine()
    await addRule()
    const id = await arrive({ replicas: undefined })
    await settled(id).toBe('refused')
    expect((await report(id)).effects.at(-1).sentence).toBe('The event has no payload.replicas.')
    const others = [await arrive({ service: 'api' }), await arrive({}, 'lead.created')]
    for (const other of others) await expect.poll(async () => (await report(other)).state).toBe('done')
    expect(bot.received).toEqual([])
  })
  test('begin disabled, are disabled when what they do changes, and not by a new name', async () => {
    const { body: made } = await zapier.ask('POST', '/api/rules', { ...rule, arguments: templates })
    expect([made.enabled, made.digest]).toEqual([false, digestOf({ ...rule, arguments: templates })])
    await zapier.ask('POST', '/api/rules/scale-web/enable')
    const renamed = await zapier.ask('PUT', `/api/rules/${made.id}`, { ...rule, name: 'other', arguments: templates })
    expect(renamed.body).toMatchObject({ name: 'other', enabled: true, digest: made.digest })
    const changed = await zapier.ask('PUT', `/api/rules/${made.id}`, { ...rule, command: 'restart' })
    expect(changed.body).toMatchObject({ enabled: false, command: 'restart' })
    expect((await zapier.ask('POST', '/api/rules', rule)).status).toBe(400)
    expect((await zapier.ask('GET', '/api/rules/nope')).status).toBe(404)
  })
})

describe('hooks', () => {
  test('get each trigger that is meant for them, again after a failure, under one id', async () => {
    hookAnswers = (_, n) => ({ status: n === 1 ? 500 : 200 })
    const { body } = await zapier.ask('POST', '/api/trigger', { trigger: 'deploy_done', data: { service: 'web' } })
    await settled(body.event_id, 'communications-hub').toBe('done')
    expect(hook.received.map(({ headers }) => headers['x-helix-event-id'])).toEqual([body.event_id, body.event_id])
    expect(JSON.parse(hook.received[0]!.text)).toMatchObject({
      id: body.event_id,
      type: 'trigger',
      name: 'deploy_done',
      data: { service: 'web' },
    })
  })
  test('get the numbers of a trigger, and of what services say, digit by digit', async () => {
    hookAnswers = () => ({ status: 200 })
    const numbers = '"far":1e999,"id":12345678901234567890'
    const headers = { ...bearer(), 'content-type': 'application/json' }
    const body = `{"trigger":"sum","data":{${numbers}}}`
    expect((await fetch(`${zapier.url}/api/trigger`, { method: 'POST', headers, body })).status).toBe(200)
    await expect.poll(() => hook.received.at(-1)?.text).toContain(`"data":{${numbers}}`)
    await zapier.redis.client.publish('voice_events', `{"event":"x",${numbers}}`)
    await expect.poll(() => hook.received.at(-1)?.text, { timeout: 10_000 }).toContain(`"data":{"event":"x",${numbers}}`)
  })
  test('that are not configured get nothing, and nothing waits for them', async () => {
    const { body } = await zapier.ask('POST', '/api/action', { action: 'agent_wake', parameters: {} })
    await expect.poll(async () => (await report(body.event_id)).state).toBe('done')
    expect((await report(body.event_id)).effects.map(({ what }: { what: string }) => what)).toEqual(['tell'])
  })
  test('get what services say on the streams', async () => {
    hookAnswers = () => ({ status: 200 })
    await zapier.streams.publish('voice_events', { event: 'transcription_completed', text: 'hello' })
    await expect.poll(() => hook.received.length, { timeout: 10_000 }).toBe(1)
    expect(JSON.parse(hook.received[0]!.text)).toMatchObject({ type: 'stream', name: 'voice_events', data: { text: 'hello' } })
  })
  test('are shown by /health, by name', async () => {
    const answer = await fetch(`${zapier.url}/health`)
    expect((await answer.json()).components).toMatchObject({
      'communications-hub': { status: 'configured' },
      'neural-network': { status: 'unconfigured' },
      'consciousness-engine': { status: 'unconfigured' },
      queue: { status: 'up', waiting: 0, unsent: 0, lost: 0 },
    })
  })
})

describe('work', () => {
  const now = new Date()
  const after = (ms: number) => new Date(now.getTime() + ms)
  const lane = 'a-lane-of-tests'
  const take = (ms: number) => takeWork(zapier.postgres.db, lane, { now: after(ms), leaseMs: 1_000, most: 10 })

  test('belongs to one until its lease is over; who held it before can settle nothing', async () => {
    const { db } = zapier.postgres
    await addWork(db, [{ key: 'w1', lane, dueAt: now }], now)
    const takers = await Promise.all([take(0), take(0)])
    const [first] = takers.flat()
    expect(takers.flat()).toHaveLength(1)
    expect(await take(500)).toEqual([])
    const [second] = await take(1_000)
    expect([second!.attempts, second!.fence]).toEqual([2, first!.fence + 1])
    const done = { state: 'done', dueAt: now, outcome: { sentence: 'x' } } as const
    await settleWork(db, [{ ...first!, ...done, outcome: { sentence: 'late' } }], now)
    await settleWork(db, [{ ...second!, ...done }], now)
    const row = await db.selectFrom('zapier.work').select(['state', 'outcome']).where('key', '=', 'w1').executeTakeFirst()
    expect(row).toEqual({ state: 'done', outcome: { sentence: 'x' } })
  })
  test('is added once for its key; of versions the newest counts, even while an older one is under way', async () => {
    const { db } = zapier.postgres
    const add = (version: number, body: object) => addWork(db, [{ key: 'w2', lane, version, body: JSON.stringify(body), dueAt: now }], now)
    await add(1, { n: 1 })
    const [older] = await take(0)
    await add(2, { n: 2 })
    await add(1, { n: 0 })
    await settleWork(db, [{ ...older!, state: 'done', dueAt: now, outcome: null }], now)
    const [newer] = await take(0)
    expect([older!.body, newer!.body]).toEqual(['{"n":1}', '{"n":2}'])
  })
  test('that was given up is a dead letter, and may be tried again or discarded, by an operator', async () => {
    const { db } = zapier.postgres
    botAnswers = () => fine()
    const made = await addRule()
    botAnswers = () => ({ status: 503, body: { detail: 'Starting.' } })
    const id = await arrive()
    await expect.poll(() => bot.received.length).toBeGreaterThan(0)
    // As after all of its attempts.
    await db
      .updateTable('zapier.work')
      .set({ state: 'dead', settled_at: now, attempts: 15 })
      .where('key', '=', `call:${id}:${made.id}`)
      .execute()
    const { body: letters } = await zapier.ask('GET', '/api/dead-letters')
    expect(letters).toMatchObject([{ event_id: id, name: 'deploy.asked', what: 'call', rule: 'scale-web', attempts: 15 }])
    expect((await zapier.ask('GET', '/api/webhooks/status')).body.deadLetters).toBe(1)
    expect((await zapier.ask('POST', `/api/dead-letters/${letters[0].id}/retry`, undefined, 'viewer')).status).toBe(403)
    botAnswers = () => fine()
    expect((await zapier.ask('POST', `/api/dead-letters/${letters[0].id}/retry`)).status).toBe(200)
    await settled(id).toBe('done')
    expect((await zapier.ask('POST', `/api/dead-letters/${letters[0].id}/retry`)).status).toBe(404)
  })
})

test('without Redis a command is called all the same, and Redis is told when it is back', async () => {
  botAnswers = () => fine()
  await addRule()
  const { redisServer, redis } = zapier
  await redisServer.stop()
  await expect.poll(() => redis.client.status).not.toBe('ready')
  const id = await arrive()
  await settled(id).toBe('done')
  expect((await report(id)).effects[0]).toMatchObject({ what: 'tell', state: 'waiting', attempts: 0 })
  expect(await redisIsTold(id)).toBe(true)
}, 40_000)

async function redisIsTold(id: string): Promise<boolean> {
  const { startRedis } = await import('#src/launch/redis.ts')
  const { port, password } = new URL(zapier.redisServer.url)
  const again = await startRedis({ path: process.env.PATH, port: Number(port), password })
  const client = new Redis(again.url)
  try {
    await settled(id, 'tell').toBe('done')
    const queued = await client.lrange('zapier_events_queue', 0, -1)
    return queued.some((text) => JSON.parse(text).event_id === id)
  } finally {
    client.disconnect()
    await again.stop()
  }
}
