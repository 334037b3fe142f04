import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPlainReading, readMessage } from '#src/consciousness/read-message.ts'
import { createScales } from '#src/consciousness/scales.ts'
import { createBoard, emptyBoard } from '#src/echoes/board.ts'
import { scoreboard } from '#src/echoes/scoreboard.ts'
import type { Message } from '#src/echoes/shapes/shape.ts'
import { tallyFrom } from '#src/echoes/tally.ts'
import { channels } from '#src/kernel/channels.ts'
import '#test/support/property-seed.ts'

const at = Date.UTC(2026, 10, 21, 17, 4, 11)

function boardOf(channel: string, messages: readonly Message[]) {
  const board = createBoard(channel, emptyBoard)
  for (const message of messages) board.take(message, at)
  return board.stored()
}
const changesOf = (channel: string, ...messages: readonly Message[]) => boardOf(channel, messages).changes.map(({ sentence }) => sentence)
const rowsOf = (channel: string, ...messages: readonly Message[]) =>
  boardOf(channel, messages).rows.map(({ shape, about, cells }) => [shape, about, ...cells])

describe('told is', () => {
  test('a fall, however it comes to a threshold, and not what comes to rest on it', () => {
    const level = (consciousness_level: number) => ({ agent_id: 'kael', consciousness_level })
    expect(changesOf(channels.consciousness, ...[8, 4].map(level))).toEqual(['kael is low: at 4.'])
    expect(changesOf(channels.consciousness, ...[8, 3.5, 4, 4.1].map(level))).toEqual(['kael is very low: at 3.5.', 'kael is low: at 4.1.'])
    // A deployment needs 6: a level of 6 is enough for one.
    expect(changesOf(channels.consciousness, ...[8, 6, 5.95].map(level))).toEqual([])
  })
  test('that a source is taken to use another scale', () => {
    const large = { agent_id: 'kael', consciousness_level: 7, ucf_metrics: { harmony: 7.2, prana: 0.9 } }
    const small = { agent_id: 'kael', consciousness_level: 7, ucf_metrics: { harmony: 0.72, prana: 1.02 } }
    const board = createBoard(channels.consciousness, emptyBoard)
    for (const message of [small, large, large, large, small]) {
      board.take(message, at)
      board.stored()
    }
    expect(board.stored().changes.map(({ sentence }) => sentence)).toEqual(['kael is taken to give its fractions on 0–10 from now on.'])
  })
  test('what an agent asks for, and what came of it; how the agent is stays as it was', () => {
    const ask = {
      ...{ event: 'operation_requested', agent_id: 'kael', request_id: '1', command: 'restart' },
      ...{ arguments: { service: 'api' }, reason: 'It leaks.' },
    }
    const answer = { event: 'operation_answered', agent_id: 'kael', request_id: '1', in_reply_to: '1-0' }
    const told = [ask, { ...answer, status: 'denied', sentence: 'kael needs the Helix role deployer.' }]
    expect(changesOf(channels.agentCoordination, { event: 'agent_silent', agent_id: 'kael' }, ...told).slice(1)).toEqual([
      'kael asks for restart of api: It leaks.',
      'kael’s request was denied: kael needs the Helix role deployer.',
    ])
    expect(rowsOf(channels.agentCoordination, { event: 'agent_silent', agent_id: 'kael' }, ...told)).toEqual([
      ['agents', 'kael', 'silent', 'agent'],
      ['requests', 'kael, asking', 'denied', 'kael needs the Helix role deployer.'],
    ])
  })
})

describe('what is no reading', () => {
  const taken = (message: Message, channel: string = channels.consciousness) => createBoard(channel, emptyBoard).take(message, at)
  test.each([
    [{ consciousness_level: -3 }],
    [{ level: Number.POSITIVE_INFINITY }],
    [{ level: 1e308 }],
    [{ level: 7, ucf: { harmony: 72 } }],
    [{ level: 7, ucf: 'high' }],
    [{ ucf_metrics: { mood: 'calm' } }],
    [{}],
  ])('is neither a row nor a change, and counts as unreadable: %j', (message) => {
    expect(taken(message)).toBe(false)
    expect(rowsOf(channels.consciousness, { agent_id: 'kael', ...message })).toEqual(
      Object.keys(message).length === 0 ? [expect.anything()] : [],
    )
  })
  test('is decided by the one reader of messages, however plain they look', () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -2, max: 12 }), fc.constantFrom(null, '7', undefined, 1.02, 0.5, [], {}))
    const metrics = fc.oneof(value, fc.record({ harmony: value, prana: value, zoom: value, mood: value }, { requiredKeys: [] }))
    const message = fc.record(
      { consciousness_level: value, level: value, ucf_metrics: metrics, ucf: metrics, harmony: value },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(message, (wire) => {
        if (!isPlainReading(wire)) return
        expect(readMessage({ id: '1-0', channel: channels.consciousness, message: wire, text: '' }, createScales()).kind).toBe('reading')
      }),
      { numRuns: 2_000 },
    )
  })
})

test('the heads of a table are those of most of its rows', () => {
  const messages = [...['a', 'b', 'c'].map((agent_id) => ({ agent_id, consciousness_level: 7 })), { event: 'lunch', menu: 'soup' }]
  const tally = { ...tallyFrom({ newest: '1-0', added: 0 }), read: 4, lastAt: at }
  const board = boardOf(channels.consciousness, messages)
  const look = { stream: channels.consciousness, board, tally, perSecond: 0, outSince: undefined }
  const since = { read: 0, unreadable: 0, lost: 0, gaps: 0 }
  expect(scoreboard({ boundAt: new Date(at), since }, look, at).table?.head).toEqual(['Source', 'Level', 'Harmony', 'UTC'])
})
