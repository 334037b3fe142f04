import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createHeartbeats } from '#services/agent-orchestrator/heartbeats.ts'
import { createStatusKeys } from '#services/agent-orchestrator/status-keys.ts'
import type { Tables } from '#services/agent-orchestrator/tables.ts'
import { UpstreamError } from '#src/kernel/errors.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { type RunningOrchestrator, startOrchestrator } from './running.ts'

let service: RunningOrchestrator
beforeAll(async () => {
  service = await startOrchestrator()
})
afterAll(() => service?.stop())

const beat = (agent: string, body?: object) => service.ask('POST', `/api/agents/${agent}/heartbeat`, body)
/** The service writes what it has each second of its clock. */
const flushed = async (agent: string) => {
  return vi.waitFor(async () => {
    await service.clock.turn(1_000)
    const { body } = await service.ask('GET', `/api/agents/${agent}`)
    expect(body.last_seen_at).not.toBeNull()
    return body
  }, 10_000)
}

test('a heartbeat sets the status key with its end, and the profile says when', async () => {
  await service.agent('kael')
  expect(await beat('kael', { status: 'busy', details: { load: 0.5 }, expires_in_seconds: 40, of: 'no concern' })).toEqual({
    status: 200,
    body: { agent_id: 'kael' },
  })
  const at = service.clock.now().toISOString()
  expect(await flushed('kael')).toMatchObject({ status: 'busy', last_seen_at: at })
  const key = JSON.parse((await service.redis.client.get('agent_status:kael'))!)
  expect(key).toEqual({ status: 'busy', timestamp: at, details: { load: 0.5 } })
  expect(await service.redis.client.ttl('agent_status:kael')).toBeGreaterThan(35)
  expect((await service.ask('GET', '/api/agents/status')).body).toEqual({ agentCount: 1, statuses: { kael: key }, statuses_known: true })
})

test('without a body it is a sign of life, and without an agent a 404', async () => {
  await service.agent('plain')
  expect((await beat('plain')).status).toBe(200)
  expect((await beat('nobody')).status).toBe(404)
  await service.agent('nobody')
  expect((await beat('nobody')).status).toBe(200)
})

test('an agent that is deleted is not known any more', async () => {
  await service.agent('gone')
  await service.redis.client.set('agent_status:gone', 'here')
  await beat('gone')
  await service.ask('DELETE', '/api/agents/gone')
  expect((await beat('gone')).status).toBe(404)
  expect(await service.redis.client.exists('agent_status:gone')).toBe(0)
})

test('asking for work is a sign of life as well, and leaves the status as it was', async () => {
  await service.agent('asking')
  await service.claim('asking')
  const at = service.clock.now().toISOString()
  expect(await flushed('asking')).toMatchObject({ status: 'active', last_seen_at: at })
})

test('however many beats come within a second, the stores are written once', async () => {
  const agents = Array.from({ length: 50 }, (_, n) => `many-${n}`)
  for (const agent of agents) await service.agent(agent)
  const written: number[] = []
  const keys = createStatusKeys({ redis: service.redis, clock: service.clock, log: quietLog() })
  const { database, clock } = service
  const counting = { remove: keys.remove, write: async (statuses: Parameters<typeof keys.write>[0]) => void written.push(statuses.length) }
  const heartbeats = createHeartbeats({ db: database.db, keys: counting, clock, log: quietLog() })
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(agents.map((agent) => heartbeats.beat(agent, { expires_in_seconds: 90 })))
  }
  await heartbeats.flush()
  await heartbeats.flush()
  expect(written).toEqual([50])
})

test('while the database is away an agent that was there is believed in, and nobody else', async () => {
  const away = () => new UpstreamError('away', { provider: 'PostgreSQL', operation: 'x', retryable: true, outcome: 'refused' })
  let broken = false
  const { database, clock } = service
  const selectFrom: typeof database.db.selectFrom = (...table) => {
    if (broken) throw away()
    return database.db.selectFrom(...table)
  }
  const db = { selectFrom } as Kysely<Tables>
  const heartbeats = createHeartbeats({ db, keys: { write: async () => {}, remove: async () => {} }, clock, log: quietLog() })
  await service.agent('believed')
  await heartbeats.beat('believed', { expires_in_seconds: 90 })
  broken = true
  await clock.turn(120_000)
  expect(await heartbeats.beat('believed', { expires_in_seconds: 90 })).toBe('believed')
  await expect(heartbeats.beat('stranger', { expires_in_seconds: 90 })).rejects.toThrow()
})

test('statuses that agents write themselves are read: JSON as such, anything else as text, a colon in the name, no key of another type', async () => {
  const { client } = service.redis
  await client.set('agent_status:a:b', '{"status":"deep"}')
  await client.set('agent_status:words', 'meditating')
  await client.set('agent_status:__proto__', '"x"')
  await client.lpush('agent_status:list', 'x')
  await service.clock.turn(1_000)
  const { statuses, agentCount } = (await service.ask('GET', '/api/agents/status')).body
  expect(statuses).toMatchObject({ 'a:b': { status: 'deep' }, words: 'meditating' })
  expect(statuses).not.toHaveProperty('list')
  expect(agentCount).toBe(Object.keys(statuses).length)
})
