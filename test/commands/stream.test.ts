import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Capabilities } from '#src/capabilities.ts'
import { Denied, permissionGuard } from '#src/guards/permission-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import { type Role, roles } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { loadCommands } from '#src/kernel/load.ts'
import { type EchoStage, echoStage, place } from '#test/echoes/stage.ts'

const book = await loadCommands(new URL('../../commands/', import.meta.url))
let stage: EchoStage
beforeAll(async () => {
  stage = await echoStage()
})
afterAll(() => stage.stop())

function run(command: string, raw: Call['raw'] = {}, role: Role = 'admin') {
  const dispatch = createDispatch({
    book,
    capabilities: {
      echoes: stage.echoes,
      clock: { now: () => new Date(), sleep: async () => {} },
    } as Partial<Capabilities> as Capabilities,
    directory: {} as Directory,
    entry: [permissionGuard({ roleOf: async (_, standing) => roles.find((each) => standing?.roles.includes(each)) })],
    action: [],
  })
  const actor = { kind: 'member', id: '1', name: 'Ada' } as const
  const call: Call = { key: command, command, raw, actor, door: 'slash', place, reply: { channel: 'c', message: '1' } }
  return dispatch(call, { roles: [role], administrator: false })
}

test('streams are bound by admins, here where no channel is named, and anybody sees which', async () => {
  expect(await run('stream.list', {}, 'viewer')).toMatchObject({ sentence: 'No stream is shown in a channel yet. /stream bind does that.' })
  await expect(run('stream.bind', { stream: 'agent_events' }, 'deployer')).rejects.toBeInstanceOf(Denied)
  await expect(run('stream.bind', { stream: 'nowhere' })).rejects.toThrow('is not one of consciousness:stream,')
  expect(await run('stream.bind', { stream: 'agent_events' })).toMatchObject({
    sentence:
      'agent_events is shown in #c from now on. One message there is kept up to date, and what is notable is told by messages of its own.',
    actions: [{ command: 'stream.unbind', arguments: { stream: 'agent_events', channel: 'c' } }, { command: 'stream.list' }],
  })
  await run('stream.bind', { stream: 'zapier_events', channel: 'd', mode: 'scoreboard' })
  expect(await run('stream.list', {}, 'viewer')).toMatchObject({
    tone: 'good',
    sentence: '2 streams are shown in channels.',
    table: {
      rows: [
        ['#c', '', ''],
        ['agent_events', '0', '–'],
        ['#d', '', ''],
        ['zapier_events', '0', '–'],
      ],
    },
  })
})

test('what cannot be shown and what was lost is said in the list', async () => {
  await stage.store.db.updateTable('echo_bindings').set({ trouble: 'Helix lacks a permission there.' }).where('channel', '=', 'd').execute()
  const tally = { position: '1-0', counted: 1_300, read: 1_200, unreadable: 2, lost: 37, gaps: 1, lastAt: Date.now() }
  await stage.store.db
    .updateTable('echo_streams')
    .set({ tally: JSON.stringify(tally) })
    .where('stream', '=', 'agent_events')
    .execute()
  expect(await run('stream.list', {}, 'viewer')).toMatchObject({
    tone: 'warning',
    sentence: '2 streams are shown in channels. Helix cannot show zapier_events in #d.',
    facts: [
      { label: 'agent_events in #c', value: '37 lost before they could be read, 1 gap of unknown size, 2 could not be read' },
      { label: 'zapier_events in #d', value: 'Helix lacks a permission there.' },
    ],
    table: {
      rows: [
        ['#c', '', ''],
        ['agent_events', '1,200', expect.stringMatching(/ s$/)],
        ['#d', '', ''],
        ['zapier_events', '0', '–'],
      ],
    },
  })
})

test('that Redis cannot be reached is said in the list, with the streams of which nothing is read', async () => {
  const board = (outSince?: number) => JSON.stringify({ rows: [], changes: [], changed: 0, kinds: [], ...(outSince && { outSince }) })
  const write = (written: string) =>
    stage.store.db.updateTable('echo_streams').set({ board: written }).where('stream', '=', 'agent_events').execute()
  await write(board(Date.now() - 90_000))
  const report = await run('stream.list', {}, 'viewer')
  expect(report).toMatchObject({ tone: 'warning' })
  expect(report.sentence).toMatch(/Redis cannot be reached for 2 min, so nothing new is read of agent_events: /)
  await write(board())
  expect((await run('stream.list', {}, 'viewer')).sentence).not.toContain('Redis')
})

test('what is unbound is named by its channel as people write it', async () => {
  expect(await run('stream.unbind', { stream: 'zapier_events', channel: '#d' })).toMatchObject({
    sentence: 'zapier_events is not shown in #d any more. What was shown stays.',
  })
  await expect(run('stream.unbind', { stream: 'zapier_events', channel: '#d' })).rejects.toThrow('zapier_events is not shown there')
})
