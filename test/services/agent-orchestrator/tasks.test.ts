import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { channels } from '#src/kernel/channels.ts'
import { readEntries } from '#src/streams/read.ts'
import { bearer } from '#test/support/service.ts'
import { type RunningOrchestrator, startOrchestrator } from './running.ts'

let service: RunningOrchestrator
beforeAll(async () => {
  service = await startOrchestrator()
})
afterAll(() => service?.stop())

const get = async (id: number) => (await service.ask('GET', `/api/tasks/${id}`)).body

describe('an idempotency key', () => {
  test('makes asking twice one task, and cannot be used for another', async () => {
    await service.agent('once')
    const first = await service.task('once', { idempotency_key: 'k1' })
    expect(await service.task('once', { idempotency_key: 'k1' })).toBe(first)
    const { status } = await service.ask('POST', '/api/tasks', {
      agent_id: 'once',
      task_type: 'other',
      task_data: {},
      idempotency_key: 'k1',
    })
    expect(status).toBe(409)
  })
  test('is its caller’s own: who uses the same by chance gets a task of their own, and hears nothing of another’s', async () => {
    await service.agent('shared')
    const mine = await service.task('shared', { idempotency_key: 'nightly' })
    const body = JSON.stringify({ agent_id: 'shared', task_type: 'theirs', task_data: {}, idempotency_key: 'nightly' })
    const headers = { ...bearer({ sub: 'a stranger' }), 'content-type': 'application/json' }
    const theirs = await fetch(`${service.url}/api/tasks`, { method: 'POST', headers, body })
    expect([theirs.status, (await theirs.json()).id === mine]).toEqual([200, false])
    expect(await service.task('shared', { idempotency_key: 'nightly' })).toBe(mine)
  })
  test('holds among those who ask at once', async () => {
    await service.agent('race')
    const ids = await Promise.all(Array.from({ length: 10 }, () => service.task('race', { idempotency_key: 'k2' })))
    expect(new Set(ids).size).toBe(1)
  })
})

describe('a word of its client’s own', () => {
  const set = (id: number, status: string) => service.ask('PUT', `/api/tasks/${id}?status=${status}`)
  test('stays when its agent is deleted', async () => {
    await service.agent('worded')
    const [failed, odd, open] = [await service.task('worded'), await service.task('worded'), await service.task('worded')]
    await set(failed, 'failed')
    await set(odd, 'in_review')
    await service.ask('DELETE', '/api/agents/worded')
    expect([await get(failed), await get(odd), await get(open)]).toMatchObject([
      { status: 'failed', error: null },
      { status: 'in_review', error: null },
      { status: 'cancelled', error: 'Its agent was deleted.' },
    ])
  })
  test.each(['failed', 'in_review'])('is no hindrance to trying again: %s', async (word) => {
    await service.agent(`again-${word}`)
    const id = await service.task(`again-${word}`)
    await set(id, word)
    expect((await service.ask('POST', `/api/tasks/${id}/retry`)).body).toMatchObject({ status: 'pending', attempt: 0 })
    expect((await service.claim(`again-${word}`))?.id).toBe(id)
  })
  test('that is one of ours refuses a retry with what is true', async () => {
    await service.agent('early')
    const id = await service.task('early')
    expect((await service.ask('POST', `/api/tasks/${id}/retry`)).body).toEqual({
      detail: `Task ${id} is pending: it waits to be tried as it is.`,
    })
    await service.claim('early')
    expect((await service.ask('POST', `/api/tasks/${id}/retry`)).body).toEqual({
      detail: `Task ${id} is running: it can be tried again once it is over. Cancel it first if it is stuck.`,
    })
  })
})

test('an agent that is deleted takes its open tasks with it', async () => {
  await service.agent('leaving')
  const open = await service.task('leaving')
  const held = await service.task('leaving')
  const { lease, id } = (await service.claim('leaving'))!
  await service.ask('DELETE', '/api/agents/leaving')
  expect([(await get(open)).status, (await get(held)).status]).toEqual(['cancelled', 'cancelled'])
  expect((await service.ask('POST', `/api/tasks/${id}/result`, { lease })).status).toBe(409)
  expect((await service.ask('POST', `/api/tasks/${open}/retry`)).status).toBe(404)
})

test('a task of the type command is told under its own agent and number, whatever its data say', async () => {
  await service.agent('posing')
  const task_data = { event: 'agent_deleted', task_id: 0, agent_id: 'another', timestamp: 'never', command: 'pose' }
  const id = await service.task('posing', { task_type: 'command', task_data })
  const told = async () => {
    const entries = await readEntries(service.redis.client, channels.agentCoordination, { count: 100 })
    return entries.map(({ message }) => message).find(({ command }) => command === 'pose')
  }
  await expect.poll(told).toMatchObject({ event: 'command', task_id: id, agent_id: 'posing', timestamp: expect.stringMatching(/^\d{4}-/) })
})

test('counts tell what is open and what died, by agent', async () => {
  await service.agent('counted')
  await service.task('counted')
  await service.task('counted')
  await service.claim('counted')
  expect((await service.ask('GET', '/api/tasks/counts')).body.counted).toEqual({ pending: 1, running: 1, dead: 0 })
})
