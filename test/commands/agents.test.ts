import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Agents, createAgents } from '#src/agents/agents.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import { type Role, roles } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch, type Dispatch } from '#src/kernel/dispatch.ts'
import { loadCommands } from '#src/kernel/load.ts'
import type { Report } from '#src/kernel/report.ts'
import { freePort } from '#src/launch/free-port.ts'
import { meshAt } from '#test/mesh/stage.ts'
import { redisServer } from '#test/support/redis.ts'
import { secrets } from '#test/support/service.ts'
import { type RunningOrchestrator, startOrchestrator } from '../services/agent-orchestrator/running.ts'

const book = await loadCommands(new URL('../../commands/', import.meta.url))
let service: RunningOrchestrator
let dispatch: Dispatch
let agents: Agents
let keys = 0
const directory = { agents: () => agents.names() } as Partial<Directory> as Directory
const place = { guild: 'g', project: 'p', environment: 'e' }

beforeAll(async () => {
  service = await startOrchestrator()
  await service.agent('kael')
  await service.agent('lumina')
})
afterAll(() => service?.stop())
beforeEach(() => at(service.url))

/** The commands over the real orchestrator at that address, or without one. */
function at(url: string | undefined): void {
  agents = createAgents({
    mesh: meshAt(url === undefined ? {} : { AGENT_ORCHESTRATOR_URL: url }, { clock: service.clock, secret: secrets.SERVICE_MESH_SECRET }),
    clock: service.clock,
  })
  dispatch = dispatchOver(agents)
}

function dispatchOver(agents: Agents): Dispatch {
  return createDispatch({
    book,
    capabilities: { agents, clock: service.clock } as Partial<Capabilities> as Capabilities,
    directory,
    entry: [permissionGuard({ roleOf: async (_, standing) => roles.find((role) => standing?.roles.includes(role)) })],
    action: [],
  })
}

function run(command: string, raw: Call['raw'] = {}, role: Role = 'operator', key = `interaction-${++keys}`): Promise<Report> {
  const door = book.get(command)!.doors.includes('slash') ? 'slash' : 'button'
  const actor = { kind: 'member', id: '1', name: 'Ada' } as const
  return dispatch({ key, command, raw, actor, door, place }, { roles: [role], administrator: false })
}
const fact = ({ facts }: Report, label: string) => facts?.find((each) => each.label === label)?.value
/** An agent that takes its next task and ends it. */
async function works(agent: string, end: 'result' | 'failure', body: object): Promise<void> {
  const { id, lease } = (await service.claim(agent, { wait_seconds: 20 }))!
  await service.ask('POST', `/api/tasks/${id}/${end}`, { lease, ...body })
}

test('/agents tasks says that there are none yet, of all or of one, or none in that state', async () => {
  const said = async (raw: object) => (await run('agents.tasks', { ...raw }, 'viewer')).sentence
  expect(await said({})).toBe('There are no tasks yet.')
  expect(await said({ agent: 'kael' })).toBe('kael has no tasks yet.')
  expect(await said({ state: 'dead' })).toBe('No task died.')
  expect(await said({ agent: 'kael', state: 'running' })).toBe('No task of kael is running.')
})

describe('/agents list', () => {
  test('shows each agent, and says which are silent', async () => {
    const report = await run('agents.list', {}, 'viewer')
    expect(report.sentence).toBe('There are 2 agents; 2 of them are silent: kael and lumina.')
    expect(report.table?.rows).toEqual([
      ['kael', 'silent', 'never', '–'],
      ['lumina', 'silent', 'never', '–'],
    ])
  })
  test('knows who was heard, from the orchestrator or from the status that an agent wrote itself', async () => {
    await service.redis.client.set(
      'agent_status:kael',
      JSON.stringify({ status: 'deep in thought', timestamp: service.clock.now().toISOString() }),
    )
    await service.clock.turn(2_000)
    const report = await run('agents.list')
    expect(report.table?.rows).toEqual([
      ['lumina', 'silent', 'never', '–'],
      ['kael', 'active', '2 s', '–'],
    ])
    const shown = await run('agents.show', { agent: 'kael' })
    expect([shown.sentence, fact(shown, 'Says of itself')]).toEqual([
      'kael is active, heard 2 s ago. It has nothing to do.',
      'deep in thought',
    ])
    await service.clock.turn(120_000)
    expect((await run('agents.show', { agent: 'kael' })).sentence).toContain('kael is silent: it was last heard 2 min 2 s ago.')
  })
})

describe('/agents show', () => {
  beforeAll(() => service.agent('mira'))
  const show = async () => (await run('agents.show', { agent: 'mira' }, 'viewer')).sentence
  test('says in a sentence what the agent has to do', async () => {
    const ids = [await service.task('mira'), await service.task('mira')]
    expect(await show()).toMatch(/\. 2 tasks wait for it\.$/)
    await service.claim('mira')
    expect(await show()).toMatch(/\. It works on 1 task, and 1 more waits\.$/)
    await service.claim('mira')
    expect(await show()).toMatch(/\. It works on 2 tasks\.$/)
    for (const id of ids) await service.ask('POST', `/api/tasks/${id}/cancel`, {})
    expect(await show()).toMatch(/\. It has nothing to do\.$/)
  })
  test.each([
    [{ status: 'busy', timestamp: '2026-11-21T10:00:00Z', details: { load: 0.5, queue: ['a', 'b'] } }, 'busy (load 0.5, queue ["a","b"])'],
    [{ status: 'busy', mood: 'calm', details: {} }, 'busy (mood calm)'],
    [{ details: { load: 1 } }, 'load 1'],
    ['deep in thought', 'deep in thought'],
    [['a', 1], '["a",1]'],
    [{ status: 'busy', details: 'at lunch' }, 'busy (details at lunch)'],
    [{ status: 'busy', note: 'x'.repeat(1_000) }, `busy (note ${'x'.repeat(288)}…`],
  ])('shows all that the agent says of itself, %#', async (said, shown) => {
    await service.redis.client.set('agent_status:mira', JSON.stringify(said))
    await service.clock.turn(2_000)
    expect(fact(await run('agents.show', { agent: 'mira' }), 'Says of itself')).toBe(shown)
    await service.redis.client.del('agent_status:mira')
    await service.clock.turn(2_000)
  })
})

describe('/agents command', () => {
  test('shows the result of an agent that answers', async () => {
    const asked = run('agents.command', { agent: 'Kael', command: 'reflect', arguments: 'on="the day" depth=2', wait: 20 })
    await works('kael', 'result', { result: { mood: 'calm' } })
    const report = await asked
    expect([report.tone, report.sentence, fact(report, 'Result')]).toEqual([
      'good',
      expect.stringMatching(/^kael has done reflect \(task \d+\)\.$/),
      '{"mood":"calm"}',
    ])
    expect(fact(report, 'What')).toBe('reflect on="the day" depth=2')
    const [task] = await agents.tasks({ agent: 'kael', most: 1 })
    expect(task?.task_data).toEqual({ command: 'reflect', arguments: { on: 'the day', depth: 2 } })
  })
  test('says that it waits for a silent agent; it can be cancelled, and tried again', async () => {
    const waiting = await run('agents.command', { agent: 'lumina', command: 'listen', wait: 0 })
    expect(waiting.sentence).toMatch(/^Task \d+ waits for lumina to take it: listen\. The agent was never heard, so this may take long\.$/)
    const cancel = waiting.actions!.find(({ label }) => label === 'Cancel')!
    const cancelled = await run(cancel.command, cancel.arguments)
    expect([cancelled.sentence, fact(cancelled, 'Reason')]).toEqual([
      expect.stringMatching(/^listen of lumina is cancelled \(task/),
      'Ada cancelled it.',
    ])
    await expect(run(cancel.command, cancel.arguments)).rejects.toThrow(/is cancelled, so there is nothing to cancel\. Nothing was done\./)
    const [again] = cancelled.actions!
    expect((await run(again!.command, again!.arguments)).sentence).toContain('waits for lumina')
    await run(cancel.command, cancel.arguments)
  })
  test('that fails shows why, and is among the tasks that died, each with a button', async () => {
    const asked = run('agents.command', { agent: 'kael', command: 'fly', wait: 20 })
    await works('kael', 'failure', { error: 'no wings' })
    const report = await asked
    expect([report.tone, report.sentence]).toEqual(['bad', expect.stringMatching(/^fly of kael did not work \(task \d+\): no wings$/)])
    const died = await run('agents.tasks', { state: 'dead' }, 'viewer')
    expect(died.sentence).toBe('The newest dead task of all agents.')
    expect(died.actions).toEqual([
      { label: expect.stringMatching(/^Retry task/), command: 'agents.task.retry', arguments: { task: expect.any(Number) } },
    ])
    expect((await run('agents.list')).actions).toEqual([
      { label: 'Tasks that died', command: 'agents.tasks', arguments: { state: 'dead' } },
    ])
  })
  test('whose task got a word of its agent’s own can be tried again', async () => {
    const id = await service.task('lumina')
    await service.ask('PUT', `/api/tasks/${id}?status=failed`)
    const report = await run('agents.task.show', { task: id }, 'viewer')
    expect([report.sentence, report.actions!.map(({ label }) => label)]).toEqual([
      `Task ${id} of lumina is failed: work.`,
      ['Look again', 'Try again', 'Cancel'],
    ])
    expect((await run('agents.task.retry', { task: id })).sentence).toContain('waits for lumina')
  })
  test('asked twice by one interaction is one command', async () => {
    const before = await agents.tasks({ agent: 'lumina', most: 100 })
    for (let n = 0; n < 2; n += 1)
      await run('agents.command', { agent: 'lumina', command: 'once', wait: 0 }, 'operator', 'the same interaction')
    expect(await agents.tasks({ agent: 'lumina', most: 100 })).toHaveLength(before.length + 1)
  })
  test.each(['agents.command', 'agents.task.retry', 'agents.task.cancel'])('%s is not for viewers', async (command) => {
    await expect(run(command, {}, 'viewer')).rejects.toThrow('needs the Helix role operator')
  })
})

test('/agents tasks shows those of one agent, newest first', async () => {
  await service.task('lumina', { task_type: 'sing' })
  const report = await run('agents.tasks', { agent: 'lumina', most: 1 }, 'viewer')
  expect(report.table).toMatchObject({ head: ['Task', 'Type', 'State', 'Age'], rows: [[expect.any(String), 'sing', 'pending', '0 s']] })
  expect(report.actions).toEqual([
    { label: expect.stringMatching(/^Look at task/), command: 'agents.task.show', arguments: { task: expect.any(Number) } },
  ])
})

test('an agent that is not there is answered with those that are like it', async () => {
  await expect(run('agents.show', { agent: 'luminna' })).rejects.toThrow(
    'There is no agent “luminna”, so nothing was done. Did you mean lumina?',
  )
})

test('without an orchestrator each command says which variable is missing, and autocomplete offers nothing', async () => {
  at(undefined)
  await expect(run('agents.list')).rejects.toThrow('AGENT_ORCHESTRATOR_URL is not set')
  await expect(run('agents.show', { agent: 'kael' })).rejects.toThrow('AGENT_ORCHESTRATOR_URL is not set')
  const reading = { command: 'agents.show', place, directory, raw: {} }
  await expect(book.get('agents.show')!.arguments.agent!.suggest!('', reading)).resolves.toEqual([])
})

test('an orchestrator that does not answer is named', async () => {
  at(`http://127.0.0.1:${await freePort()}`)
  await expect(run('agents.list')).rejects.toMatchObject({
    message: 'agent-orchestrator cannot be reached.',
    fault: { provider: 'agent-orchestrator' },
  })
})

test('with the orchestrator’s Redis away agents are listed and shown all the same, and it is said what cannot be read', async () => {
  const redis = await redisServer()
  const other = await startOrchestrator({ redis })
  try {
    await other.agent('kael')
    await other.ask('POST', '/api/agents/kael/heartbeat', {})
    await other.agent('lumina')
    await redis.stop()
    await vi.waitFor(async () => {
      await other.clock.turn(1_000)
      expect((await other.ask('GET', '/api/agents/kael')).body.last_seen_at).not.toBeNull()
    })
    agents = createAgents({
      mesh: meshAt({ AGENT_ORCHESTRATOR_URL: other.url }, { clock: other.clock, secret: secrets.SERVICE_MESH_SECRET }),
      clock: other.clock,
    })
    dispatch = dispatchOver(agents)
    const report = await run('agents.list')
    expect(report.sentence).toMatch(
      /^There are 2 agents; none is known to be silent\. What agents say of themselves cannot be read at the moment/,
    )
    expect(report.table?.rows.map(([name, state]) => [name, state])).toEqual([
      ['kael', 'active'],
      ['lumina', 'active'],
    ])
    const shown = await run('agents.show', { agent: 'lumina' })
    expect([fact(shown, 'Says of itself'), fact(shown, 'Last heard')]).toEqual(['cannot be read at the moment', 'not known at the moment'])
  } finally {
    await other.stop()
    await redis.stop()
  }
})
