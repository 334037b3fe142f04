import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRedis } from '#src/adapters/redis/redis.ts'
import { type Heard, hear, hitsKey } from '#src/alerts/heard.ts'
import { looksOf } from '#src/alerts/place-rules.ts'
import { alertRule, type HeardRule, isHeard } from '#src/alerts/rule.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { createStreams } from '#src/streams/streams.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { alertStage } from './stage.ts'

const clock = systemClock()
let server: RedisServer
let connection: ReturnType<typeof createRedis>
let streams: ReturnType<typeof createStreams>
beforeAll(async () => {
  server = await redisServer()
  connection = createRedis({ url: server.url, log: quietLog() })
  streams = createStreams({ redis: connection, clock, log: quietLog(), leaseMs: 300 })
})
afterAll(async () => {
  await streams.close()
  await connection.close()
  await server.stop()
})

const rule = (written: Readonly<Record<string, unknown>>): HeardRule => {
  const read = alertRule.parse({ name: 'one', ...written })
  if (!isHeard(read)) throw new Error('a rule of streams is wanted')
  return read
}
const many = (heard: Heard, of: HeardRule) => heard.hits[hitsKey(of)]?.length

test('counts what has the fields, each message once, from when the rule began', async () => {
  const failed = rule({ kind: 'stream', channel: 'zapier_events', where: { event_type: 'deploy.*', 'payload.failed': true }, count: 10 })
  const publish = (message: Readonly<Record<string, unknown>>) => streams.publish('zapier_events', message)
  await publish({ event_type: 'deploy.web', payload: { failed: true } })
  const first = await hear(streams, [failed], undefined, Date.now())
  expect(many(first, failed)).toBe(0)
  await publish({ event_type: 'deploy.web', payload: { failed: true } })
  await publish({ event_type: 'deploy.web', payload: { failed: 'true' } })
  await publish({ event_type: 'deploy.web' })
  await publish({ event_type: 'build.web', payload: { failed: true } })
  await publish({ event_type: ['deploy.'], payload: { failed: true, constructor: { name: '@everyone' } } })
  await publish({ event_type: 'deploy.api', payload: { failed: true } })
  const second = await hear(streams, [failed], first, Date.now())
  expect(many(second, failed)).toBe(2)
  expect(many(await hear(streams, [failed], second, Date.now()), failed)).toBe(2)
})

test('says which rule it is, under which condition, and what the newest message says: masked, and nothing to be pressed', async () => {
  const lost = rule({ name: 'agents', kind: 'stream', channel: 'agent_events', where: { event: 'agent_deleted' }, count: 1 })
  const other = rule({ name: 'others', kind: 'stream', channel: 'agent_events', where: { event: 'agent_silent' }, count: 1 })
  const first = await hear(streams, [lost, other], undefined, Date.now())
  await streams.publish('agent_events', {
    event: 'agent_deleted',
    agent_id: 'kael\u202e',
    token: 'hunter2hunter2',
    at: 'https://evil.example',
  })
  await streams.publish('agent_events', { event: 'agent_silent', agent_id: 'lum' })
  const second = await hear(streams, [lost, other], first, Date.now())
  const again = await hear(streams, [lost, other], second, Date.now())
  const seen = {
    environment: 'production',
    now: Date.now(),
    reading: undefined,
    heard: again,
    blind: new Map(),
    services: [],
    readings: {},
  }
  const looks = [lost, other].flatMap((each) => looksOf(each, seen) ?? [])
  expect(looks.map(({ title }) => title)).toEqual([
    'agents: 1 message on agent_events with event=agent_deleted in 5 min',
    'others: 1 message on agent_events with event=agent_silent in 5 min',
  ])
  expect(looks[1]!.reads).toBe('1 such message came in 5 min. The newest: event: agent_silent, agent_id: lum.')
  expect(looks[0]!.reads).toContain('event: agent_deleted, agent_id: kael')
  expect(looks[0]!.reads).not.toMatch(/hunter2|https:\/\/|\u202e/)
})

test('keeps no more than it counts, however many come', async () => {
  const often = rule({ kind: 'stream', channel: 'agent_events', count: 3 })
  await streams.publish('agent_events', { n: 0 })
  const first = await hear(streams, [often], undefined, Date.now())
  await Promise.all(Array.from({ length: 2_500 }, (_, n) => streams.publish('agent_events', { n })))
  expect(many(await hear(streams, [often], first, Date.now()), often)).toBe(3)
})

test('who is to be heard has its time from when it is waited for, and anew after Helix was deaf', async () => {
  const beat = rule({ kind: 'heartbeat', channel: 'voice_events', every: '1m' })
  const now = Date.now()
  const first = await hear(streams, [beat], undefined, now)
  expect(first.hits[hitsKey(beat)]).toEqual([now])
  const second = await hear(streams, [beat], first, now + 50_000)
  expect(second.hits[hitsKey(beat)]).toEqual([now])
  const deaf = await hear(streams, [beat], second, now + 200_000)
  expect(deaf.hits[hitsKey(beat)]).toEqual([now + 200_000])
})

test('a rule on a stream opens an incident, and a foreign publisher is heard; one on silence too', async () => {
  const stage = await alertStage({ streams, clock: { now: clock.now, sleep: (ms, signal) => clock.sleep(ms / 20, signal) } })
  try {
    await stage.one.alerts.add(stage.call(), {
      name: 'calls',
      kind: 'stream',
      channel: 'agent:coordination',
      where: { kind: 'call' },
      count: 2,
    })
    stage.read([])
    await stage.begin(stage.one.alerts)
    const until = async (holds: () => Promise<boolean> | boolean) => {
      while (!(await holds())) await clock.sleep(20)
    }
    const bridged = async () => ((await connection.client.pubsub('NUMSUB', 'agent:coordination')) as readonly unknown[])[1] !== 0
    await until(bridged)
    // Until one of the processes bridges the channel a message may be heard by nobody.
    await until(async () => {
      await connection.client.publish('agent:coordination', JSON.stringify({ kind: 'call', text: '@everyone' }))
      return (await stage.incidents()).length > 0
    })
    expect(await stage.incidents()).toEqual([expect.stringMatching(/^open .*: 2 messages on agent:coordination.* in 5 min$/)])
  } finally {
    await stage.close()
  }
})
