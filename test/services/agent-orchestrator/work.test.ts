import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createSweeper, limits } from '#services/agent-orchestrator/sweeper.ts'
import { outboxTable } from '#services/agent-orchestrator/tables.ts'
import { createWaiting } from '#services/agent-orchestrator/waiting.ts'
import { createOutbox } from '#src/streams/outbox.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { type RunningOrchestrator, startOrchestrator } from './running.ts'

let service: RunningOrchestrator
let sweep: ReturnType<typeof createSweeper>
beforeAll(async () => {
  service = await startOrchestrator()
  await service.database.migrated()
  const { clock, database } = service
  const log = quietLog()
  // Its messages are left to the running service.
  const outbox = createOutbox({ db: database.db, table: outboxTable, streams: { publish: async () => '' }, clock, log })
  sweep = createSweeper({ outbox, waiting: createWaiting(clock), clock, log })
})
afterAll(() => service?.stop())

const get = async (id: number) => (await service.ask('GET', `/api/tasks/${id}`)).body
/** The service's own sweeper may be at it at the same moment, with the time of before: then ours left it alone. */
const becomes = (id: number, state: object) =>
  vi.waitFor(async () => {
    await sweep()
    expect(await get(id)).toMatchObject(state)
  }, 10_000)
const say = (id: number, what: 'heartbeat' | 'result' | 'failure', body: object) => service.ask('POST', `/api/tasks/${id}/${what}`, body)

describe('a claim', () => {
  test('is given to one asker each, however many ask at once', async () => {
    await service.agent('crowd')
    const tasks = await Promise.all(Array.from({ length: 8 }, () => service.task('crowd')))
    const claims = await Promise.all(Array.from({ length: 20 }, () => service.claim('crowd')))
    expect(
      claims
        .filter((claim) => claim)
        .map((claim) => claim!.id)
        .sort(),
    ).toEqual([...tasks].sort())
  })
  test('takes the oldest first, of the asked types alone, and nothing of another agent', async () => {
    await service.agent('picky')
    await service.agent('other')
    const dig = await service.task('picky', { task_type: 'dig' })
    const fill = await service.task('picky', { task_type: 'fill' })
    await service.task('other')
    expect((await service.claim('picky', { task_types: ['fill'] }))?.id).toBe(fill)
    expect((await service.claim('picky'))?.id).toBe(dig)
    expect(await service.claim('picky')).toBeUndefined()
  })
  test('that waits is answered as soon as a task comes', async () => {
    await service.agent('patient')
    const waiting = service.claim('patient', { wait_seconds: 20 })
    const id = await service.task('patient')
    expect((await waiting)?.id).toBe(id)
  })
  test('gets a task that is delayed when it is due, not before', async () => {
    await service.agent('later')
    const id = await service.task('later', { delay_seconds: 60 })
    expect(await service.claim('later')).toBeUndefined()
    await service.clock.turn(60_000)
    expect((await service.claim('later'))?.id).toBe(id)
  })
  test('of an agent that does not exist is a 404', async () => {
    expect((await service.ask('POST', '/api/agents/nobody/claim', {})).status).toBe(404)
  })
})

describe('a task that is held', () => {
  test('is refused a result that is too large to keep', async () => {
    await service.agent('verbose')
    const id = await service.task('verbose')
    const { lease } = (await service.claim('verbose'))!
    expect((await say(id, 'result', { lease, result: 'x'.repeat(210_000) })).status).toBe(422)
    expect((await say(id, 'result', { lease })).body).toMatchObject({ status: 'completed', result: null })
  })
  test('is completed with its result, and saying so twice is saying it once', async () => {
    await service.agent('finisher')
    const id = await service.task('finisher')
    const { lease } = (await service.claim('finisher'))!
    const first = await say(id, 'result', { lease, result: { found: 42 } })
    expect(first).toMatchObject({ status: 200, body: { status: 'completed', result: { found: 42 }, lease_until: null } })
    expect(await say(id, 'result', { lease, result: { found: 42 } })).toEqual(first)
  })
  test('keeps its first result: another one under the same lease is refused, and not dropped without a word', async () => {
    await service.agent('changing')
    const id = await service.task('changing')
    const { lease } = (await service.claim('changing'))!
    await say(id, 'result', { lease, result: { found: 42, list: [1, null] } })
    expect((await say(id, 'result', { lease, result: { list: [1, null], found: 42 } })).status).toBe(200)
    for (const result of [{ found: 43 }, null, 'something else']) {
      expect(await say(id, 'result', { lease, result })).toEqual({
        status: 409,
        body: { detail: `Task ${id} was completed with another result, which stays.` },
      })
    }
    expect((await get(id)).result).toEqual({ found: 42, list: [1, null] })
  })
  test('keeps its first failure: another one under the same lease is refused', async () => {
    await service.agent('excusing')
    const id = await service.task('excusing')
    const { lease } = (await service.claim('excusing'))!
    await say(id, 'failure', { lease, error: 'no such file' })
    expect((await say(id, 'failure', { lease, error: 'no such file' })).status).toBe(200)
    for (const failure of [{ error: 'no wings' }, { error: 'no such file', retry: false }]) {
      expect(await say(id, 'failure', { lease, ...failure })).toEqual({
        status: 409,
        body: { detail: `Task ${id} has another failure noted already, which stays.` },
      })
    }
    expect(await get(id)).toMatchObject({ status: 'pending', error: 'no such file' })
  })
  test('is nobody’s before it is claimed', async () => {
    await service.agent('hasty')
    const id = await service.task('hasty')
    expect((await say(id, 'failure', { lease: 0, error: 'x' })).body.detail).toContain('is not yours')
    expect((await say(id, 'result', { lease: 0 })).status).toBe(409)
  })
  test('is kept by a heartbeat, and taken back without one', async () => {
    await service.agent('keeper')
    const id = await service.task('keeper')
    const { lease } = (await service.claim('keeper', { lease_seconds: 30 }))!
    await service.clock.turn(20_000)
    expect((await say(id, 'heartbeat', { lease, lease_seconds: 30 })).status).toBe(200)
    await service.clock.turn(20_000)
    await sweep()
    expect((await get(id)).status).toBe('running')
    await service.clock.turn(11_000)
    await becomes(id, { status: 'pending', attempt: 1, error: 'The agent fell silent while it worked.' })
  })
  test('cannot be finished by who lost it, even while another works on it', async () => {
    await service.agent('slow')
    const id = await service.task('slow')
    const old = (await service.claim('slow', { lease_seconds: 1 }))!
    await service.clock.turn(2_000)
    await becomes(id, { status: 'pending' })
    await service.clock.turn(10_000)
    const current = (await service.claim('slow'))!
    expect(current.id).toBe(id)
    for (const [what, more] of [
      ['heartbeat', {}],
      ['result', {}],
      ['failure', { error: 'x' }],
    ] as const) {
      expect(await say(id, what, { lease: old.lease, ...more })).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('Stop') },
      })
    }
    expect((await say(id, 'result', { lease: current.lease })).status).toBe(200)
  })
  test('that is cancelled is refused to its holder', async () => {
    await service.agent('cancelled')
    const id = await service.task('cancelled')
    const { lease } = (await service.claim('cancelled'))!
    const answer = await service.ask('POST', `/api/tasks/${id}/cancel`, { reason: 'not needed' })
    expect(answer.body).toMatchObject({ status: 'cancelled', error: 'not needed' })
    expect((await say(id, 'result', { lease })).status).toBe(409)
    expect((await service.ask('POST', `/api/tasks/${id}/cancel`, {})).status).toBe(409)
  })
})

describe('a task that fails', () => {
  test('is tried again later each time, then is dead; a retry begins anew', async () => {
    await service.agent('failing')
    const id = await service.task('failing', { max_attempts: 3 })
    for (const [attempt, delay] of [
      [1, 5_000],
      [2, 10_000],
    ] as const) {
      const { lease } = (await service.claim('failing'))!
      const { body } = await say(id, 'failure', { lease, error: `attempt ${attempt}` })
      expect(body).toMatchObject({ status: 'pending', attempt, error: `attempt ${attempt}` })
      expect(await say(id, 'failure', { lease, error: `attempt ${attempt}` })).toMatchObject({
        status: 200,
        body: { status: 'pending', attempt },
      })
      expect(await service.claim('failing')).toBeUndefined()
      await service.clock.turn(delay)
    }
    const { lease } = (await service.claim('failing'))!
    expect((await say(id, 'failure', { lease, error: 'the last' })).body).toMatchObject({ status: 'dead', error: 'the last', attempt: 3 })
    expect(await service.claim('failing')).toBeUndefined()
    expect((await service.ask('POST', `/api/tasks/${id}/retry`)).body).toMatchObject({ status: 'pending', attempt: 0, error: null })
    expect((await service.claim('failing'))?.id).toBe(id)
    expect((await service.ask('POST', `/api/tasks/${id}/retry`)).status).toBe(409)
  })
  test('is dead at once where its agent says that trying again is no use', async () => {
    await service.agent('hopeless')
    const id = await service.task('hopeless')
    const { lease } = (await service.claim('hopeless'))!
    expect((await say(id, 'failure', { lease, error: 'no such file', retry: false })).body.status).toBe('dead')
  })
})

describe('the sweeper', () => {
  test('lets a task die that nobody takes in time', async () => {
    await service.agent('absent')
    const id = await service.task('absent', { expires_in_seconds: 30 })
    await service.clock.turn(31_000)
    expect(await service.claim('absent')).toBeUndefined()
    await becomes(id, { status: 'dead', error: 'The agent did not take it in time.' })
  })
  test('works once where two processes sweep at the same moment', async () => {
    await service.agent('swept')
    const ids: number[] = []
    for (let n = 0; n < 5; n += 1) ids.push(await service.task('swept'))
    for (let n = 0; n < 5; n += 1) await service.claim('swept', { lease_seconds: 1 })
    await service.clock.turn(2_000)
    await Promise.all([sweep(), sweep()])
    for (const id of ids) await becomes(id, { status: 'pending', attempt: 1 })
    const { rows } = await sql<{ lease: number }>`SELECT lease FROM orchestrator.tasks WHERE agent_id = 'swept'`.execute(
      service.database.db,
    )
    expect(rows.map(({ lease }) => lease)).toEqual([2, 2, 2, 2, 2]) // Once by the claim, once by being taken back.
  })
  test('keeps what was completed long ago by its client’s own time for a month from when that was said', async () => {
    await service.agent('backdated')
    const id = await service.task('backdated')
    await service.ask('PUT', `/api/tasks/${id}?status=completed&completed_at=2020-01-01T00:00:00Z`)
    expect((await sweep()).forgotten).toBe(0)
    expect((await get(id)).completed_at).toBe('2020-01-01T00:00:00.000Z')
    await service.clock.turn(limits.keepMs + 1_000)
    await vi.waitFor(async () => {
      await sweep()
      expect((await service.ask('GET', `/api/tasks/${id}`)).status).toBe(404)
    }, 10_000)
  })
  test('forgets nothing that is still to be done, whatever its client said', async () => {
    await service.agent('undone')
    const id = await service.task('undone')
    await service.ask('PUT', `/api/tasks/${id}?status=pending&completed_at=2020-01-01T00:00:00Z`)
    await service.clock.turn(limits.keepMs + 1_000)
    await sweep()
    expect((await service.claim('undone'))?.id).toBe(id)
  })
  test('forgets what is over for a month', async () => {
    await service.agent('forgotten')
    const id = await service.task('forgotten')
    await service.ask('POST', `/api/tasks/${id}/cancel`, {})
    await service.clock.turn(limits.keepMs + 1_000)
    await vi.waitFor(async () => {
      await sweep()
      expect((await service.ask('GET', `/api/tasks/${id}`)).status).toBe(404)
    }, 10_000)
  })
})

describe('a command', () => {
  test('is a task that its agent claims; who waits hears what became of it', async () => {
    await service.agent('commanded')
    const asked = service.ask('POST', '/api/agents/commanded/command', { command: 'reflect', arguments: { on: 'today' }, wait_seconds: 20 })
    const { id, lease } = (await service.claim('commanded', { wait_seconds: 20 }))!
    expect((await get(id)).task_data).toEqual({ command: 'reflect', arguments: { on: 'today' } })
    await say(id, 'result', { lease, result: { mood: 'calm' } })
    expect((await asked).body).toMatchObject({ task_id: id, status: 'completed', result: { mood: 'calm' } })
  })
  test('that nobody answers in time is answered as it stands, and is tried once', async () => {
    await service.agent('mute')
    const { body } = await service.ask('POST', '/api/agents/mute/command', { command: 'speak' })
    expect(body).toMatchObject({ status: 'pending', task: { task_type: 'command', max_attempts: 1, created_by: 'tester' } })
  })
})
