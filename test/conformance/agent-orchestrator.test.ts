import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExistingClient, startForExistingClient } from './existing-client.ts'

let client: ExistingClient
beforeAll(async () => {
  client = await startForExistingClient('agent-orchestrator')
})
afterAll(() => client?.stop())

const agent = (agent_id: string) => ({ agent_id, name: 'Kael', role: 'ethics', capabilities: ['reflect', 'advise'] })
const create = (agent_id: string) => client.ask('POST', '/api/agents', agent(agent_id))
const task = (agent_id: string) => ({ agent_id, task_type: 'analyse', task_data: { depth: 3, of: 'logs' } })

describe('agents', () => {
  test('POST /api/agents answers the profile with id, status and times, and agent_events tells', async () => {
    const events = await client.hear('agent_events')
    const { status, body } = await create('kael')
    expect([status, body]).toEqual([
      expect.toSatisfy((code) => code === 200 || code === 201),
      expect.objectContaining({
        ...agent('kael'),
        id: expect.anything(),
        status: 'active',
        created_at: expect.any(String),
        updated_at: expect.any(String),
      }),
    ])
    expect(await events.next()).toMatchObject({ event: 'agent_created', agent_id: 'kael', timestamp: expect.any(String) })
  })
  test('the same agent_id again: 400', async () => {
    await create('twice')
    const { status, body } = await create('twice')
    expect([status, typeof body.detail]).toEqual([400, 'string'])
  })
  test('GET /api/agents?skip&limit lists profiles', async () => {
    for (const name of ['a1', 'a2', 'a3']) await create(name)
    const all = (await client.ask('GET', '/api/agents?limit=100')).body
    expect(all.map((each: { agent_id: string }) => each.agent_id)).toEqual(expect.arrayContaining(['a1', 'a2', 'a3']))
    const second = (await client.ask('GET', '/api/agents?skip=1&limit=2')).body
    expect(second).toEqual(all.slice(1, 3))
  })
  test('GET /api/agents/{agent_id} is one; an unknown one is a 404', async () => {
    await create('one')
    expect(await client.ask('GET', '/api/agents/one')).toMatchObject({ status: 200, body: agent('one') })
    expect((await client.ask('GET', '/api/agents/nobody')).status).toBe(404)
  })
  test('PUT /api/agents/{agent_id} changes it, and agent_events tells', async () => {
    await create('changing')
    const events = await client.hear('agent_events')
    const { status, body } = await client.ask('PUT', '/api/agents/changing', { ...agent('changing'), name: 'Changed' })
    expect([status, body]).toEqual([200, expect.objectContaining({ agent_id: 'changing', name: 'Changed' })])
    expect(await events.next()).toMatchObject({ event: 'agent_updated', agent_id: 'changing' })
    expect((await client.ask('PUT', '/api/agents/nobody', agent('nobody'))).status).toBe(404)
  })
  test('DELETE /api/agents/{agent_id} answers a message, and agent_events tells', async () => {
    await create('leaving')
    const events = await client.hear('agent_events')
    const { status, body } = await client.ask('DELETE', '/api/agents/leaving')
    expect([status, typeof body.message]).toEqual([200, 'string'])
    expect(await events.next()).toMatchObject({ event: 'agent_deleted', agent_id: 'leaving' })
    expect((await client.ask('GET', '/api/agents/leaving')).status).toBe(404)
  })
  test('GET /api/agents/status counts agents, with the statuses that they wrote themselves', async () => {
    await create('speaking')
    await client.redis.set('agent_status:speaking', 'meditating')
    const { status, body } = await client.ask('GET', '/api/agents/status')
    expect([status, body]).toEqual([200, expect.objectContaining({ agentCount: expect.any(Number), statuses: expect.any(Object) })])
    expect(body.statuses.speaking).toBe('meditating')
  })
  test('a body that does not fit: 422', async () => {
    expect((await client.ask('POST', '/api/agents', { name: 'no id' })).status).toBe(422)
  })
})

describe('tasks', () => {
  test('POST /api/tasks answers the task with id, status pending and times, and two channels tell', async () => {
    await create('worker')
    const queue = await client.hear('agent_task_queue')
    const { status, body } = await client.ask('POST', '/api/tasks', task('worker'))
    expect(status === 200 || status === 201).toBe(true)
    expect(body).toMatchObject({
      ...task('worker'),
      id: expect.anything(),
      status: 'pending',
      created_at: expect.any(String),
      completed_at: null,
    })
    expect(await queue.next()).toMatchObject({ event: 'task_created', task_id: body.id, ...task('worker'), timestamp: expect.any(String) })
  })
  test('GET /api/tasks?skip&limit and GET /api/tasks/{id}; an unknown one is a 404', async () => {
    await create('lister')
    const { body: made } = await client.ask('POST', '/api/tasks', task('lister'))
    const { body: list } = await client.ask('GET', '/api/tasks?skip=0&limit=100')
    expect(list.map((each: { id: unknown }) => each.id)).toContain(made.id)
    expect((await client.ask('GET', `/api/tasks/${made.id}`)).body).toMatchObject(task('lister'))
    const missing = typeof made.id === 'number' ? '999999' : '00000000-0000-4000-8000-000000000000'
    expect((await client.ask('GET', `/api/tasks/${missing}`)).status).toBe(404)
  })
  test('PUT /api/tasks/{id}?status&completed_at changes it, and agent_task_events tells', async () => {
    await create('finisher')
    const { body: made } = await client.ask('POST', '/api/tasks', task('finisher'))
    const events = await client.hear('agent_task_events')
    const answer = await client.ask('PUT', `/api/tasks/${made.id}?status=completed&completed_at=2025-12-13T10:00:00Z`)
    expect(answer).toMatchObject({ status: 200, body: { id: made.id, status: 'completed' } })
    expect(new Date(answer.body.completed_at).toISOString()).toBe('2025-12-13T10:00:00.000Z')
    expect(await events.next()).toMatchObject({
      event: 'task_updated',
      task_id: made.id,
      status: 'completed',
      timestamp: expect.any(String),
    })
  })
})

describe('the paths of the older document', () => {
  test('/agents creates, lists, shows, changes and deletes profiles with id, name, description, capabilities, status and last_updated', async () => {
    const { body: made } = await client.ask('POST', '/agents', { name: 'Lumina', description: 'empathy', capabilities: ['listen'] })
    const profile = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Lumina',
      description: 'empathy',
      capabilities: ['listen'],
      status: expect.stringMatching(/^(active|inactive|busy)$/),
      last_updated: expect.any(String),
    }
    expect(made).toMatchObject(profile)
    expect((await client.ask('GET', `/agents/${made.id}`)).body).toMatchObject(profile)
    expect((await client.ask('GET', '/agents?limit=100')).body.map((each: { id: string }) => each.id)).toContain(made.id)
    const changed = await client.ask('PUT', `/agents/${made.id}`, { ...made, status: 'busy' })
    expect(changed.body).toMatchObject({ id: made.id, status: 'busy' })
    expect((await client.ask('DELETE', `/agents/${made.id}`)).status).toBeLessThan(300)
  })
  test('POST /agents/{agent_id}/command hands an agent a command', async () => {
    const { body: made } = await client.ask('POST', '/agents', { name: 'Commanded', description: 'obeys', capabilities: [] })
    const { status } = await client.ask('POST', `/agents/${made.id}/command`, { command: 'reflect', parameters: { on: 'today' } })
    expect(status).toBeLessThan(300)
  })
})
