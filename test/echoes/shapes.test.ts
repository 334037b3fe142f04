import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shapes as published } from '#playground/publishers/shapes.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import { createBoard, emptyBoard, kept, storedBoard } from '#src/echoes/board.ts'
import { changesReport } from '#src/echoes/news.ts'
import { scoreboard } from '#src/echoes/scoreboard.ts'
import type { Message } from '#src/echoes/shapes/shape.ts'
import { tallyFrom } from '#src/echoes/tally.ts'
import { channels } from '#src/kernel/channels.ts'
import { discordMessage } from '#test/doors/render/discord-shape.ts'
import '#test/support/property-seed.ts'

const at = Date.UTC(2026, 10, 21, 17, 4, 11)

function boardOf(channel: string, messages: readonly Message[]) {
  const board = createBoard(channel, emptyBoard)
  for (const message of messages) board.take(message, at)
  return board.stored()
}
const isUnreadable = (channel: string, message: Message) => !createBoard(channel, emptyBoard).take(message, at)
const changesOf = (channel: string, ...messages: readonly Message[]) => boardOf(channel, messages).changes.map(({ sentence }) => sentence)
const rowsOf = (channel: string, ...messages: readonly Message[]) =>
  boardOf(channel, messages).rows.map(({ shape, about, cells }) => [shape, about, ...cells])

/** As Helix' own services and those that exist publish them. */
test.each<[name: string, channel: string, message: Message, row: readonly string[]]>([
  [
    'a reading',
    channels.consciousness,
    { agent_id: 'kael', consciousness_level: 7.25, ucf_metrics: { harmony: 0.81 } },
    ['consciousness', 'kael', '7.25', '8.1'],
  ],
  [
    'a reading of the coordinator',
    channels.coordinatorStream,
    { type: 'consciousness_update', consciousness_level: 6, ucf_metrics: { clarity: 1 } },
    ['consciousness', 'consciousness-stream', '6', '–'],
  ],
  [
    'a reading of the manager',
    channels.consciousnessStream,
    { level: 8, ucf: { harmony: 7.2, klesha: 3.2 } },
    ['consciousness', 'consciousness_stream', '8', '7.2'],
  ],
  ['bare metrics', channels.ucfMetrics, { zoom: 1.02, harmony: 0.5 }, ['consciousness', 'ucf-metrics', '–', '5']],
  [
    'services of the coordinator',
    channels.healthStatus,
    { type: 'health_update', services: { api: { status: 'unhealthy' } } },
    ['services', 'api', 'unhealthy', '–'],
  ],
  [
    'a service that turned',
    channels.serviceHealth,
    { type: 'health_turned', environment: 'production', service: 'api', from: 'healthy', to: 'down', reason: 'It crashed.' },
    ['services', 'api in production', 'down', 'It crashed.'],
  ],
  [
    'a service that could not be healed',
    channels.collectiveIntelligence,
    { service: 'api', error: 'ECONNREFUSED', consciousness_level: 3 },
    ['services', 'api', 'failed', 'ECONNREFUSED'],
  ],
  ['an agent', channels.agentEvents, { event: 'agent_created', agent_id: 'kael' }, ['agents', 'kael', 'created', 'agent']],
  [
    'a task that is offered',
    channels.agentTaskQueue,
    { event: 'task_created', task_id: 12, agent_id: 'kael', task_type: 'summarize', task_data: {} },
    ['agents', 'task 12', 'created', 'kael · summarize'],
  ],
  [
    'what became of a task',
    channels.agentTaskEvents,
    { event: 'task_updated', task_id: 't1', status: 'completed' },
    ['agents', 'task t1', 'completed', ''],
  ],
  [
    'coordination',
    channels.agentCoordination,
    { event: 'agent_silent', agent_id: 'kael', last_seen_at: null },
    ['agents', 'kael', 'silent', 'agent'],
  ],
  [
    'a command for an agent',
    channels.agentCoordination,
    { event: 'command', task_id: 't2', agent_id: 'kael', command: 'pause' },
    ['agents', 'task t2', 'command', 'kael · pause'],
  ],
  [
    'a transcription, without its words',
    channels.voiceEvents,
    { event: 'transcription_completed', text: 'private words', confidence: 0.934, language: 'en-US' },
    ['voice', 'transcription_completed', 'en-US', '93 %'],
  ],
  [
    'an event of Zapier',
    channels.zapierEvents,
    { event_id: 'e1', event_type: 'form.submitted', payload: {}, source: 'zapier' },
    ['zapier', 'form.submitted', 'event', 'e1'],
  ],
  [
    'a trigger',
    channels.zapierTriggers,
    { event_id: 'e2', trigger: 'deployment_finished', data: {} },
    ['zapier', 'deployment_finished', 'trigger', 'e2'],
  ],
  [
    'an action',
    channels.zapierActions,
    { event_id: 'e3', action: 'post_message', parameters: {} },
    ['zapier', 'post_message', 'action', 'e3'],
  ],
  [
    'a client that came',
    channels.streamingClients,
    { event: 'client_connected', client: { connection: 'x', client_id: 'page', subject: 'ada' } },
    ['clients', 'page', 'connected', 'ada'],
  ],
  [
    'wisdom',
    channels.wisdomSynthesis,
    { type: 'wisdom_synthesis', insight: 'Rest.', consciousness_level: 7 },
    ['other', 'wisdom_synthesis', 'wisdom_synthesis', 'insight: Rest., consciousness_level: 7'],
  ],
  [
    'anything else',
    channels.agentEvents,
    { kind: 'lunch', menu: ['soup'], price: 4.5, open: true, cook: null },
    ['other', 'lunch', 'lunch', 'menu: [1], price: 4.5, open: yes, cook: –'],
  ],
  ['nothing at all', channels.agentEvents, {}, ['other', 'message', '–', '–']],
])('%s is a row with fixed fields', (_, channel, message, row) => expect(rowsOf(channel, message)).toEqual([row]))

test('Helix’s own probe at websocket-streaming is no client that comes and goes', () => {
  const of = (client_id: string) => ({ event: 'client_connected', client: { connection: 'x', client_id, subject: 'bot' } })
  expect(rowsOf(channels.streamingClients, of('helix-probe-0b5e'), of('page'))).toEqual([['clients', 'page', 'connected', 'bot']])
})

test.each(Object.entries(published))('what the playground publishes as %s is read', (_, shape) => {
  for (let number = 0; number < 20; number += 1) {
    const text = shape.message({ number, level: 7, at: new Date(at) } as never)
    let message: unknown
    try {
      message = JSON.parse(String(text))
    } catch {
      continue
    }
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) {
      for (const channel of shape.channels)
        expect(boardOf(channel, [message as Message]).rows.length > 0 || isUnreadable(channel, message as Message)).toBe(true)
    }
  }
})

describe('notable is', () => {
  test('a level that crosses a threshold, not one that plays around it', () => {
    const level = (consciousness_level: number) => ({ agent_id: 'kael', consciousness_level })
    expect(changesOf(channels.consciousness, ...[7, 5.95, 6.05, 5.95, 5.5, 5.95, 6.05, 6.5, 3, 9].map(level))).toEqual([
      'kael is low: at 5.5.',
      'kael is at 6.5 again.',
      'kael is very low: at 3.',
      'kael is at 9 again.',
    ])
  })
  test('a service that turned, whoever says it', () => {
    const update = (status: string) => ({
      type: 'health_update',
      environment: 'production',
      services: { api: { status, reason: 'Why not.' }, db: { status: 'healthy' } },
    })
    const turned = { type: 'health_turned', environment: 'production', service: 'api', from: 'healthy', to: 'down', reason: 'It crashed.' }
    expect(changesOf(channels.serviceHealth, update('healthy'), turned, update('down'), update('healthy'))).toEqual([
      'api in production is down (was healthy): It crashed.',
      'api in production is healthy (was down): Why not.',
    ])
  })
  test('an agent that went away or is heard again, and a task that died', () => {
    const agent = (event: string) => ({ event, agent_id: 'kael' })
    const dead = { event: 'task_dead', task_id: 't1', agent_id: 'kael', task_type: 'summarize', status: 'dead', error: 'No answer.' }
    expect(
      changesOf(
        channels.agentCoordination,
        ...['agent_created', 'agent_silent', 'agent_silent', 'agent_heard', 'agent_deleted'].map(agent),
        dead,
      ),
    ).toEqual([
      'Agent kael went away: it is not heard any more.',
      'Agent kael is heard again.',
      'Agent kael was deleted.',
      'Task t1 (summarize) of kael is dead: No answer.',
    ])
  })
  test('a dead letter and a failure of any other kind', () => {
    expect(changesOf(channels.zapierEvents, { event_id: 'e1', event_type: 'payment.received', status: 'dead' })).toEqual([
      'Zapier’s event payment.received (e1) says dead.',
    ])
    expect(changesOf(channels.wisdomSynthesis, { type: 'backup_failed', disk: 'full' })).toEqual(['backup_failed is failed: disk: full.'])
  })
})

describe('hostile messages are shown inert', () => {
  const look = (messages: readonly Message[], channel: string = channels.agentEvents) => ({
    ...{ stream: channel, board: boardOf(channel, messages), perSecond: 1, outSince: undefined },
    tally: { ...tallyFrom({ newest: '1-0', added: 0 }), read: messages.length, lastAt: at },
  })
  const since = { read: 0, unreadable: 0, lost: 0, gaps: 0 }
  const shown = async (messages: readonly Message[], channel?: string) => {
    const current = look(messages, channel)
    const reports = [
      scoreboard({ boundAt: new Date(at), since }, current, at),
      changesReport([{ stream: current.stream, board: current.board, told: 0 }]),
    ]
    return Promise.all(
      reports.filter((report) => report !== undefined).map((report) => renderReport(report, { customId: async () => 'x' })),
    )
  }

  test('mentions, Markdown, links, control characters and marks that turn the writing around', async () => {
    const evil = '@everyone <@1> **bold** [click](https://evil.example) discord.gg/evil ```\u202Egnp.exe\u0007\u001B[31m\nsecond line'
    for (const body of await shown([
      { event: 'agent_silent', agent_id: evil },
      { service: evil, status: 'down', reason: evil },
    ])) {
      expect(body.content).not.toMatch(/(?<!\\)@everyone|(?<!\\)<@|(?<!\\)\*\*|(?<!\\)\[|[[\p{Cf}\p{Cc}]--[\n\u200b]]/iv)
      expect(JSON.stringify(body)).not.toMatch(/https?:\/\/|discord\.gg\/|\[31m/)
      const { description = '' } = body.embeds[0] as { description?: string }
      expect(description.replace(/^```\n|\n```$/g, '')).not.toMatch(/```|[\p{Cc}--[\n]]|\u202e/v)
    }
  })
  test.each([
    { agent_id: 'a', event: 'agent_silent', token: 'abc' },
    { type: 'x', password: 'hunter2hunter2', note: 'postgres://user:hunter2hunter2@host/db' },
    { service: 'api', status: 'down', reason: 'Authorization: Bearer hunter2hunter2hunter2' },
    { agent_id: 'ghp_hunter2hunter2hunter2hunter2hunter2hunt', event: 'agent_silent' },
  ])('secrets are masked: %j', async (message) => {
    expect(JSON.stringify(await shown([message]))).not.toContain('hunter2')
    expect(JSON.stringify(boardOf(channels.agentEvents, [message]))).not.toContain('hunter2')
  })
  test('whatever JSON it is: nothing throws, what is kept is bounded and can be stored, and Discord takes it, without a file', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('__proto__', 'constructor', 'failed', '', ' ', '‮'))
    const named = fc.record(
      Object.fromEntries(
        [
          'event',
          'type',
          'agent_id',
          'task_id',
          'service',
          'status',
          'services',
          'consciousness_level',
          'ucf_metrics',
          'event_id',
          'event_type',
          'client',
          'error',
        ].map((name) => [name, fc.oneof(text, fc.jsonValue({ maxDepth: 4 }))]),
      ),
      { requiredKeys: [] },
    )
    const message = fc.oneof(named, fc.dictionary(text, fc.jsonValue())).map((value) => JSON.parse(JSON.stringify(value)) as Message)
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 30 }), fc.constantFrom(...Object.values(channels)), async (messages, channel) => {
        const stored = boardOf(channel, messages)
        expect(storedBoard.parse(JSON.parse(JSON.stringify(stored)))).toEqual(stored)
        expect(stored.rows.length).toBeLessThanOrEqual(kept.rows)
        const [board, ...news] = await shown(messages, channel)
        for (const body of [board!, ...news]) expect(() => discordMessage.parse(body)).not.toThrow()
        expect(board!.files ?? []).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
  test('a flood of names, a huge text and thousands of levels cost no more than what is kept', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as Message
    const many = Array.from({ length: 5_000 }, (_, n) => ({ event: `kind ${n} failed`, agent_id: `agent ${n}`, text: 'x'.repeat(100) }))
    const huge = { event: 'agent_silent', agent_id: 'x'.repeat(200_000), reason: 'y'.repeat(200_000) }
    const stored = boardOf(channels.agentEvents, [deep, ...many, huge, deep])
    expect(JSON.stringify(stored).length).toBeLessThan(300_000)
    expect(stored.changed).toBe(5_001)
    expect(stored.changes).toHaveLength(kept.changes)
  })
})
