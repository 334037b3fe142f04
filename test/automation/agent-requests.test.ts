import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AgentAnswer } from '#src/automation/agent-request.ts'
import { createAgentRequests } from '#src/automation/agent-requests.ts'
import { systemClock } from '#src/kernel/clock.ts'
import type { RedisServer } from '#src/launch/redis.ts'
import { type AutomationStage, automationStage } from '#test/doors/automation-stage.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'
import { type StreamsPeer, streamsPeer } from '#test/support/stream-clients.ts'

const channel = 'agent:coordination'
const asked = (more: object = {}) => ({
  ...{ event: 'operation_requested', agent_id: 'kael', request_id: 'r-1', command: 'restart', arguments: { service: 'web' } },
  ...{ reason: 'Its answers became slow.', timestamp: '2026-11-21T12:00:00Z' },
  ...more,
})

let server: RedisServer
let stage: AutomationStage
let peer: StreamsPeer
/** A client that knows nothing of ours. */
let foreign: Redis
let running: { stop(): Promise<void> }[]
beforeAll(async () => {
  server = await redisServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  stage = await automationStage()
  peer = streamsPeer(server.url)
  foreign = new Redis(server.url)
  await foreign.flushall()
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()))
  await peer.close()
  foreign.disconnect()
  expect(stage.log.lines.filter(({ level }) => level === 'error')).toEqual([])
})

/** One process of Helix more. */
async function start(clock = systemClock()) {
  const { store, door } = stage
  const requests = createAgentRequests({ store, streams: peer.streams, door, holder: randomUUID(), clock, log: quietLog() })
  await requests.start()
  running.push(requests)
  return requests
}

const publish = (message: object) => foreign.publish(channel, JSON.stringify(message))

/** Resolves with the answers once there are so many. */
async function answers(many: number): Promise<readonly AgentAnswer[]> {
  for (;;) {
    const entries = await peer.streams.read(channel, { after: '0-0', count: 1_000 })
    const found = entries.map(({ message }) => message as unknown as AgentAnswer).filter(({ event }) => event === 'operation_answered')
    if (found.length >= many) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('an agent that asks for an operation', () => {
  test('is an actor of its own: what it asks is started on the one path, and answered on the channel', async () => {
    await stage.permit('operator', 'agent:kael')
    await start()
    await publish(asked())
    const [answer] = await answers(1)
    expect(answer).toMatchObject({
      agent_id: 'kael',
      request_id: 'r-1',
      status: 'started',
      operation: expect.any(String),
      in_reply_to: expect.any(String),
    })
    expect(await stage.rowOf(answer!.operation!)).toMatchObject({ status: 'queued', actor_key: 'token:agent:kael', door: 'automation' })
    const audit = await stage.store.db
      .selectFrom('audit')
      .selectAll()
      .where('call', '=', 'automation:agent:kael:r-1')
      .orderBy('id')
      .execute()
    expect(audit.map(({ event }) => event)).toEqual(['received', 'started', 'answered'])
    expect(audit[0]).toMatchObject({ actor: 'token:agent:kael', cause: { reason: 'Its answers became slow.' } })
  })

  test('and has no role is denied, whatever role another has', async () => {
    await stage.permit('admin', 'agent:lumina')
    await start()
    await publish(asked())
    expect(await answers(1)).toMatchObject([{ status: 'denied', sentence: expect.stringContaining('HELIX_SERVICE_ROLES') }])
    expect(stage.queued).toEqual([])
  })

  test('in production is told what an admin can do, and nothing is started', async () => {
    await stage.permit('admin', 'agent:kael')
    stage.asProduction()
    await start()
    await publish(asked())
    const [answer] = await answers(1)
    expect(answer).toMatchObject({
      status: 'needs-confirmation',
      sentence: expect.stringMatching(/An admin can do it in Discord with \/restart\.$/),
    })
    expect(stage.queued).toEqual([])
  })

  test('twice, or at two processes, has it done once and is answered the same', async () => {
    await stage.permit('operator', 'agent:kael')
    await Promise.all([start(), start()])
    await publish(asked())
    await publish(asked())
    await publish(asked({ agent_id: 'kael', arguments: { service: 'api' } }))
    const found = await answers(3)
    expect(new Set(found.map(({ operation }) => operation)).size).toBe(1)
    expect(new Set(found.map(({ in_reply_to }) => in_reply_to)).size).toBe(3)
    expect(stage.queued).toHaveLength(1)
  })

  test('while nobody takes requests is answered by whoever does next, and what was answered is not answered again', async () => {
    await stage.permit('operator', 'agent:kael')
    const first = await start()
    await publish(asked())
    await answers(1)
    await first.stop()
    await peer.streams.publish(channel, asked({ request_id: 'r-2', arguments: { service: 'api' } }))
    await start()
    await answers(2)
    await publish(asked({ request_id: 'r-3', command: 'nonsense' }))
    expect((await answers(3)).map(({ request_id, status }) => [request_id, status])).toEqual([
      ['r-1', 'started'],
      ['r-2', 'started'],
      ['r-3', 'refused'],
    ])
  })

  test('so long ago that nobody wants it any more is refused', async () => {
    await stage.permit('operator', 'agent:kael')
    let aheadMs = 0
    await start({ ...systemClock(), now: () => new Date(Date.now() + aheadMs) })
    await publish(asked())
    await answers(1)
    aheadMs = 310_000
    await peer.streams.publish(channel, asked({ request_id: 'r-2' }))
    expect((await answers(2)).at(-1)).toMatchObject({
      request_id: 'r-2',
      status: 'refused',
      sentence: expect.stringContaining('five minutes'),
    })
    expect(stage.queued).toHaveLength(1)
  })
})

test('what cannot be read is answered with what is wrong, and what is no request is let be', async () => {
  await stage.permit('operator', 'agent:kael')
  await start()
  for (const text of [
    '{',
    '[]',
    '7',
    '{"event":"operation_requested"}',
    JSON.stringify(asked({ agent_id: 'a:b' })),
    JSON.stringify(asked({ request_id: 7 })),
  ])
    await foreign.publish(channel, text)
  await publish({ event: 'command', agent_id: 'kael', command: 'restart', arguments: { service: 'web' } })
  await publish(asked({ request_id: 'deep', arguments: { service: { web: true } } }))
  await publish(asked({ request_id: 'mute', reason: undefined }))
  await publish(asked({ request_id: 'person', command: 'rule.enable' }))
  await publish(asked({ request_id: 'good', strange: { field: [1] } }))
  const said = await answers(4)
  expect(said.slice(0, 2).map(({ sentence }) => sentence)).toEqual([
    'This request cannot be read: arguments.service is no text, no number and no truth value. Nothing was done.',
    'This request cannot be read: it lacks reason. Nothing was done.',
  ])
  expect(said.map(({ request_id, status }) => [request_id, status])).toEqual([
    ['deep', 'refused'],
    ['mute', 'refused'],
    ['person', 'refused'],
    ['good', 'started'],
  ])
  expect(stage.queued).toHaveLength(1)
})

test('an agent whose name joined to its key reads like another’s shares no key with it', async () => {
  await stage.permit('operator', 'agent:kael')
  await start()
  await publish(asked({ request_id: 'a:b' }))
  await publish(asked({ request_id: 'b', agent_id: 'kael:a' }))
  await publish(asked({ request_id: 'last', command: 'nonsense' }))
  expect((await answers(2)).map(({ request_id }) => request_id)).toEqual(['a:b', 'last'])
})
