import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningOrchestrator, startOrchestrator } from './running.ts'

let service: RunningOrchestrator
beforeAll(async () => {
  service = await startOrchestrator()
  await service.agent('kael')
})
afterAll(() => service?.stop())

const agent = (changes: object) => ({ agent_id: 'x', name: 'X', role: 'tester', capabilities: [], ...changes })
const task = (changes: object) => ({ agent_id: 'kael', task_type: 'work', task_data: {}, ...changes })
const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)

describe('what is text stays text', () => {
  const hostile = [
    `'; DROP TABLE orchestrator.agents; --`,
    `" OR 1=1`,
    '../../etc/passwd',
    '%2e%2e%2f',
    '$(id)',
    '*',
    'a b',
    '名前',
    '💜',
    'x'.repeat(100),
  ]
  test.each(hostile)('an agent called %j is kept, found, commanded and deleted by exactly that name', async (agent_id) => {
    const path = `/api/agents/${encodeURIComponent(agent_id)}`
    expect((await service.ask('POST', '/api/agents', agent({ agent_id, name: agent_id }))).body).toMatchObject({ agent_id, name: agent_id })
    expect((await service.ask('GET', path)).body).toMatchObject({ agent_id })
    expect((await service.ask('POST', `${path}/command`, { command: agent_id, arguments: { [agent_id]: agent_id } })).status).toBe(200)
    expect((await service.ask('POST', `${path}/heartbeat`, {})).body).toEqual({ agent_id })
    expect((await service.ask('GET', `/api/tasks?agent_id=${encodeURIComponent(agent_id)}`)).body).toHaveLength(1)
    expect((await service.ask('DELETE', path)).status).toBe(200)
    expect((await service.ask('GET', path)).status).toBe(404)
  })
  test('whatever is looked for is found or is not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), async (id) => {
        fc.pre(id.isWellFormed() && !['.', '..', 'status', 'kael'].includes(id))
        const { status } = await service.ask('GET', `/api/agents/${encodeURIComponent(id)}`)
        expect([404, 422]).toContain(status)
      }),
      { numRuns: 25 },
    )
  })
})

describe('what does not fit is a 422 that says where', () => {
  test.each([
    ['no name', agent({ name: undefined }), 'name'],
    ['a number as the name', agent({ name: 7 }), 'name'],
    ['capabilities that are a text', agent({ capabilities: 'all' }), 'capabilities'],
    ['a NUL in the id', agent({ agent_id: 'a\0b' }), 'agent_id'],
    ['half a character', agent({ name: '\ud800' }), 'name'],
    ['a line break in the id', agent({ agent_id: 'a\nb' }), 'agent_id'],
    ['an id that is a route', agent({ agent_id: 'status' }), 'agent_id'],
    ['an id that is too long', agent({ agent_id: 'x'.repeat(101) }), 'agent_id'],
    ['too many capabilities', agent({ capabilities: Array(201).fill('c') }), 'capabilities'],
    ['a status that there is not', agent({ status: 'dancing' }), 'status'],
  ])('an agent with %s', async (_, body, where) => {
    const answer = await service.ask('POST', '/api/agents', body)
    expect([answer.status, answer.body.detail[0].loc.slice(0, 2)]).toEqual([422, ['body', where]])
  })
  test.each([
    ['data that is a list', task({ task_data: [1] }), 'task_data'],
    ['a NUL deep in the data', task({ task_data: { a: [{ b: 'x\0' }] } }), 'task_data'],
    ['a NUL in a name of the data', task({ task_data: { 'a\0': 1 } }), 'task_data'],
    ['data nested too deep', task({ task_data: nested(100) }), 'task_data'],
    ['more data than a message can carry', task({ task_data: { a: 'x'.repeat(210_000) } }), 'task_data'],
    ['numbers that grow when they are written', task({ task_data: { a: Array(20_000).fill(1e20) } }), 'task_data'],
    ['no attempts', task({ max_attempts: 0 }), 'max_attempts'],
    ['a delay into the past', task({ delay_seconds: -1 }), 'delay_seconds'],
  ])('a task with %s', async (_, body, where) => {
    const answer = await service.ask('POST', '/api/tasks', body)
    expect([answer.status, answer.body.detail[0].loc.slice(0, 2)]).toEqual([422, ['body', where]])
  })
  test.each(['/api/agents?limit=-1', '/api/agents?limit=ten', '/api/tasks?skip=1.5', '/api/tasks/abc', '/api/tasks?limit=1;DROP'])(
    '%s',
    async (path) => {
      expect((await service.ask('GET', path)).status).toBe(422)
    },
  )
  test.each(['status=two%20words', 'status=', 'completed_at=2025-12-13', 'status=completed&completed_at=yesterday'])(
    'a task set to ?%s',
    async (query) => {
      const id = await service.task('kael')
      expect((await service.ask('PUT', `/api/tasks/${id}?${query}`)).status).toBe(422)
    },
  )
  test.each(['/api/tasks?agent_id=%00', '/api/tasks?status=%00', '/api/tasks?agent_id=a%00b&status=dead'])('NUL in %s', async (path) => {
    expect((await service.ask('GET', path)).status).toBe(422)
  })
  test.each(['9999-12-31T23:59:59-23:00', '9999-12-31T23:59:59.999-00:01', '0000-01-01T00:00:00%2B23:00', '0000-12-31T23:59:59Z'])(
    'a moment outside of the years that can be written: %s changes nothing, and no list breaks of it',
    async (moment) => {
      const id = await service.task('kael')
      expect((await service.ask('PUT', `/api/tasks/${id}?status=completed&completed_at=${moment}`)).status).toBe(422)
      expect((await service.ask('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'pending', completed_at: null })
      expect((await service.ask('GET', '/api/tasks')).status).toBe(200)
    },
  )
  test('JSON that is nested a hundred thousand deep', async () => {
    const depth = 100_000
    const { status } = await service.ask(
      'POST',
      '/api/tasks',
      `{"agent_id":"kael","task_type":"t","task_data":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`,
    )
    expect([413, 422]).toContain(status)
    expect((await service.ask('GET', '/api/agents/kael')).status).toBe(200)
  })
  test('a body over the limit is a 413', async () => {
    expect((await service.ask('POST', '/api/tasks', task({ task_data: { a: 'x'.repeat(2_000_000) } }))).status).toBe(413)
  })
})

describe('what an existing client may send', () => {
  test('fields that nobody knows are ignored', async () => {
    const { status, body } = await service.ask(
      'POST',
      '/api/agents',
      agent({ agent_id: 'more', mood: 'calm', id: 99, last_seen_at: 'never' }),
    )
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('mood')
    expect(body).toMatchObject({ last_seen_at: null })
  })
  test('a limit beyond a page is cut to a page, and ids beyond any are not found', async () => {
    expect((await service.ask('GET', '/api/agents?limit=1000000')).status).toBe(200)
    for (const id of ['999999999999', '2147483648', '-1', '0']) expect((await service.ask('GET', `/api/tasks/${id}`)).status).toBe(404)
  })
  test('a time without a zone is UTC, as Python writes it, and any word is a status', async () => {
    const id = await service.task('kael')
    const answer = await service.ask('PUT', `/api/tasks/${id}?status=in_progress`)
    expect(answer.body).toMatchObject({ message: 'Task updated successfully', id, status: 'in_progress', completed_at: null })
    const done = await service.ask('PUT', `/api/tasks/${id}?status=completed&completed_at=2025-12-13T10:00:00.123456`)
    expect(done.body.completed_at).toBe('2025-12-13T10:00:00.123Z')
  })
  test.each(['9999-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z'])('a moment that is as far away as Python’s: %s', async (moment) => {
    const id = await service.task('kael')
    const { status, body } = await service.ask('PUT', `/api/tasks/${id}?status=completed&completed_at=${moment}`)
    expect([status, new Date(body.completed_at).getTime()]).toEqual([200, Date.parse(moment)])
    expect((await service.ask('GET', `/api/tasks/${id}`)).body.completed_at).toBe(body.completed_at)
  })
  test('a PUT names the agent by its path, and leaves what it does not name', async () => {
    await service.ask('POST', '/api/agents', agent({ agent_id: 'put', description: 'kept', status: 'busy' }))
    const { body } = await service.ask('PUT', '/api/agents/put', agent({ agent_id: 'another', name: 'Renamed' }))
    expect(body).toMatchObject({ agent_id: 'put', name: 'Renamed', description: 'kept', status: 'busy' })
    expect((await service.ask('PUT', '/agents/put', { capabilities: ['sing'] })).body).toMatchObject({
      name: 'Renamed',
      description: 'kept',
      capabilities: ['sing'],
    })
  })
})

describe('who may not', () => {
  test('a viewer looks, and changes nothing', async () => {
    expect((await service.ask('GET', '/api/agents', undefined, 'viewer')).status).toBe(200)
    for (const [method, path] of [
      ['POST', '/api/agents'],
      ['PUT', '/api/agents/kael'],
      ['DELETE', '/api/agents/kael'],
      ['POST', '/api/agents/kael/heartbeat'],
      ['POST', '/api/agents/kael/claim'],
      ['POST', '/api/agents/kael/command'],
      ['POST', '/agents/kael/command'],
      ['DELETE', '/agents/kael'],
      ['POST', '/api/tasks'],
      ['POST', '/api/tasks/1/retry'],
    ] as const) {
      expect([path, (await service.ask(method, path, {}, 'viewer')).status]).toEqual([path, 403])
    }
  })
  test('without a token nothing but health and what every service shows is answered', async () => {
    for (const path of ['/api/agents', '/api/agents/status', '/api/tasks', '/agents', '/api/tasks/counts']) {
      expect((await fetch(`${service.url}${path}`)).status).toBe(401)
    }
  })
})

test('after all of this the tables are there, and what holds a lease was never shown', async () => {
  const { rows } = await sql<{ many: number }>`SELECT count(*)::int AS many FROM orchestrator.agents`.execute(service.database.db)
  expect(rows[0]!.many).toBeGreaterThan(0)
  for (const each of (await service.ask('GET', '/api/tasks')).body) expect(each).not.toHaveProperty('lease')
  expect(service.lines.filter((line) => line.includes('request failed'))).toEqual([])
})
