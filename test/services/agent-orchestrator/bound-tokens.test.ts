import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer } from '#test/support/service.ts'
import { type RunningOrchestrator, startOrchestrator } from './running.ts'

let service: RunningOrchestrator
beforeAll(async () => {
  service = await startOrchestrator()
  await service.agent('other')
})
afterAll(() => service?.stop())

/** As the agent whose token it is. */
async function as(agent_id: string, method: string, path: string, body?: unknown, more: object = {}) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(`${service.url}${path}`, {
    method,
    headers: { ...bearer({ sub: 'an agent', agent_id, ...more }), ...json },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const profile = (agent_id: string) => ({ agent_id, name: agent_id, role: 'tester', capabilities: [] })

describe('a token that is bound to an agent', () => {
  test('does all that this agent needs: it registers, lives, claims and reports', async () => {
    expect((await as('kael', 'POST', '/api/agents', profile('kael'))).status).toBe(200)
    expect((await as('kael', 'GET', '/api/agents/kael')).body).toMatchObject({ agent_id: 'kael' })
    expect((await as('kael', 'PUT', '/api/agents/kael', { ...profile('kael'), role: 'ethics' })).body).toMatchObject({ role: 'ethics' })
    expect((await as('kael', 'POST', '/api/agents/kael/heartbeat', {})).status).toBe(200)
    const id = await service.task('kael')
    const { task, lease } = (await as('kael', 'POST', '/api/agents/kael/claim', {})).body
    expect(task.id).toBe(id)
    expect((await as('kael', 'POST', `/api/tasks/${id}/heartbeat`, { lease, lease_seconds: 60 })).status).toBe(200)
    expect((await as('kael', 'POST', `/api/tasks/${id}/result`, { lease, result: 1 })).body).toMatchObject({ status: 'completed' })
  })

  test.each<[string, string, unknown]>([
    ['POST', '/api/agents/other/heartbeat', {}],
    ['POST', '/api/agents/other/claim', {}],
    ['GET', '/api/agents/other', undefined],
    ['PUT', '/api/agents/other', profile('other')],
    ['POST', '/api/agents', profile('another')],
  ])('is refused what another agent may: %s %s', async (method, path, body) => {
    expect(await as('kael', method, path, body)).toEqual({ status: 403, body: { detail: 'This token is another agent’s.' } })
  })

  test.each(['heartbeat', 'result', 'failure'])('is refused the %s of another agent’s task', async (what) => {
    const id = await service.task('other')
    const { lease } = (await service.claim('other'))!
    const body = { lease, lease_seconds: 60, result: 'stolen', error: 'stolen' }
    expect((await as('kael', 'POST', `/api/tasks/${id}/${what}`, body)).status).toBe(403)
    expect((await service.ask('GET', `/api/tasks/${id}`)).body).toMatchObject({ status: 'running', result: null, error: null })
  })

  test.each<[string, string, unknown]>([
    ['DELETE', '/api/agents/kael', undefined],
    ['GET', '/api/agents', undefined],
    ['GET', '/api/agents/status', undefined],
    ['GET', '/api/tasks', undefined],
    ['POST', '/api/tasks', { agent_id: 'kael', task_type: 'work', task_data: {} }],
    ['POST', '/api/agents/kael/command', { command: 'x' }],
    ['POST', '/agents/kael/command', { command: 'x' }],
    ['GET', '/agents/kael', undefined],
    ['GET', '/api/v1/system/service-mesh-status', undefined],
  ])('is refused everything else, whatever its role: %s %s', async (method, path, body) => {
    expect((await as('kael', method, path, body, { role: 'admin' })).status).toBe(403)
  })

  test('still needs the role', async () => {
    expect((await as('kael', 'POST', '/api/agents/kael/heartbeat', {}, { role: 'viewer' })).status).toBe(403)
  })
})
