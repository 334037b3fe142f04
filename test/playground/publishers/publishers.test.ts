import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { publisherRoutes } from '#playground/publishers/publisher-routes.ts'
import { createPublishers, publisherAsked } from '#playground/publishers/publishers.ts'
import { shapeNames, shapes } from '#playground/publishers/shapes.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import { readJson } from '#src/kernel/read-json.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { redisServer } from '../../support/redis.ts'
import { eventually } from '../railway/mounted.ts'

const clock = systemClock()
/** What Helix services and their clients use, besides `helix:…`. */
const theirs = [
  ...['consciousness:stream', 'service:health', 'agent:coordination', 'consciousness_stream', 'consciousness-stream', 'ucf-metrics'],
  ...['health-status', 'collective-intelligence', 'wisdom-synthesis', 'agent_events', 'agent_task_queue', 'agent_task_events'],
  ...['voice_events', 'zapier_events', 'zapier_triggers', 'zapier_actions'],
]
let redis: RedisServer
let listener: Redis
const heard: { channel: string; text: string }[] = []
beforeAll(async () => {
  redis = await redisServer()
  listener = new Redis(redis.url)
  listener.on('pmessage', (_, channel, text) => heard.push({ channel, text }))
  await listener.psubscribe('*')
})
afterAll(async () => {
  listener.disconnect()
  await redis.stop()
})

function open(url = redis.url) {
  const publishers = createPublishers({ redis: { production: url }, clock })
  onTestFinished(() => publishers.close())
  const set = (more: object) => publishers.set(publisherAsked.parse({ shape: 'reading', ...more }))
  return { publishers, set }
}

test('each shape is published where it is seen in the wild, and between them they use every channel of the services', async () => {
  const { publishers } = open()
  for (const shape of shapeNames) {
    heard.length = 0
    const times = 30
    expect(await publishers.publish({ environment: 'production', shape, level: 6.4, times })).toEqual({ published: times, hearers: 1 })
    await eventually(
      () => heard.length,
      (length) => length === times,
    )
    expect(new Set(heard.map(({ channel }) => channel))).toEqual(new Set([shapes[shape].channels[0]]))
    if (shape !== 'malformed') for (const { text } of heard) expect(readJson(text)).toBeTypeOf('object')
    expect(heard.some(({ text }) => text.includes('stream_id'))).toBe(false)
  }
  const used: Set<string> = new Set(shapeNames.flatMap((shape) => [...shapes[shape].channels]))
  expect(theirs.filter((channel) => !used.has(channel))).toEqual([])
})

test('the shapes are those that services publish: level and metrics by their names and scales', async () => {
  const moment = { level: 8, at: new Date('2026-03-01T12:00:00Z'), number: 0 }
  const of = (shape: 'coordinator' | 'manager' | 'metrics' | 'reading') => JSON.parse(String(shapes[shape].message(moment)))
  expect(of('reading')).toEqual({
    agent_id: 'kael',
    consciousness_level: 8,
    ucf_metrics: { harmony: 0.8, resilience: 1.24, prana: 0.7, drishti: 0.78, zoom: 1.1, klesha: 0.12 },
    timestamp: '2026-03-01T12:00:00.000Z',
  })
  expect(of('coordinator')).toMatchObject({ type: 'consciousness_update', consciousness_level: 8, ucf_metrics: { coherence: 0.8 } })
  expect(of('manager')).toEqual({ level: 8, ucf: { harmony: 8, resilience: 8, prana: 7, klesha: 1.2 } })
  expect(Object.keys(of('metrics'))).toEqual(['harmony', 'resilience', 'prana', 'drishti', 'zoom', 'klesha'])
})

test('a publisher goes on at its rate, and its level follows the trend, between 0 and 10', async () => {
  const { publishers, set } = open()
  heard.length = 0
  expect(await set({ perSecond: 200, level: 1, trendPerMinute: 30 })).toMatchObject({ channel: 'consciousness:stream', perSecond: 200 })
  const levels = await eventually(
    () => heard.map(({ text }) => JSON.parse(text).consciousness_level as number),
    (seen) => seen.length > 40 && seen.at(-1)! > seen[0]!,
  )
  expect(levels).toEqual(levels.toSorted((one, other) => one - other))
  await eventually(
    () => publishers.state()[0]!,
    ({ published }) => published > 40,
  )
  expect(publishers.state()[0]).toMatchObject({ shape: 'reading', lost: 0, hearers: 1 })
  await set({ perSecond: 1, level: 2, trendPerMinute: 600 })
  await eventually(
    () => publishers.state(),
    ([only]) => only?.level === 10,
  )
  await set({ perSecond: 1, level: 2, trendPerMinute: -600 })
  await eventually(
    () => publishers.state(),
    ([only, another]) => only?.level === 0 && another === undefined,
  )
  await set({ perSecond: 0 })
  expect(publishers.state()).toEqual([])
})

test('while Redis is away messages are lost, and counted; it goes on when Redis is back', async () => {
  const own = await redisServer()
  const { publishers, set } = open(own.url)
  await set({ perSecond: 100 })
  const state = () => publishers.state()[0]!
  await eventually(state, ({ published }) => published > 0)
  await own.stop()
  await eventually(state, ({ lost }) => lost > 0)
  const { published } = state()
  const again = await redisServer({ port: Number(new URL(own.url).port) })
  await eventually(state, (now) => now.published > published)
  await again.stop()
})

test('over HTTP: publishers, single messages, any text; what cannot be is refused in a sentence', async () => {
  const { publishers } = open()
  const server = Fastify()
  server.setErrorHandler((error, _, reply) => reply.code(error instanceof UserError ? 400 : 500).send({ error: (error as Error).message }))
  const part = publisherRoutes(publishers)
  part.routes(server)
  const post = async (path: string, payload: object) =>
    (await server.inject({ method: 'POST', url: `/playground/${path}`, payload })).json()
  heard.length = 0
  expect(await post('publish', { channel: 'ucf-metrics', text: 'not JSON' })).toEqual({ published: 1, hearers: 1 })
  expect(await post('publish', { shape: 'manager', level: 3, channel: 'consciousness_stream' })).toEqual({ published: 1, hearers: 1 })
  await eventually(
    () => heard.map(({ channel }) => channel),
    (seen) => seen.length === 2 && seen.includes('ucf-metrics') && seen.includes('consciousness_stream'),
  )
  expect(await post('publishers', { shape: 'voice', perSecond: 2 })).toMatchObject({
    shape: 'voice',
    channel: 'voice_events',
    perSecond: 2,
  })
  expect(part.state()).toMatchObject({ publishers: [{ shape: 'voice' }], shapes: shapeNames.map((shape) => ({ shape })) })
  expect(await post('publishers', { shape: 'voice', perSecond: 0 })).toMatchObject({ perSecond: 0 })
  expect(publishers.state()).toEqual([])
  expect(await post('publishers', { shape: 'reading', perSecond: 1, environment: 'nowhere' })).toEqual({
    error: 'There is no Redis of nowhere here. Nothing was done.',
  })
  for (const wrong of [
    {},
    { shape: 'none', perSecond: 1 },
    { shape: 'voice', perSecond: 1, level: 11 },
    { shape: 'voice', perSecond: 1e6 },
  ])
    expect((await post('publishers', wrong)).error).toMatch(/^Nothing was done\. /)
  expect((await post('publish', { channel: 'x' })).error).toMatch(/^Nothing was done\. /)
})
