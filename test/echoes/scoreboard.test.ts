import { expect, test } from 'vitest'
import { createBoard, emptyBoard } from '#src/echoes/board.ts'
import { scoreboard } from '#src/echoes/scoreboard.ts'
import type { Message } from '#src/echoes/shapes/shape.ts'
import { tallyFrom } from '#src/echoes/tally.ts'
import { channels } from '#src/kernel/channels.ts'

const at = Date.UTC(2026, 10, 21, 17, 4, 11)
const nothing = { read: 0, unreadable: 0, lost: 0, gaps: 0 }

function shown(
  messages: readonly Message[],
  { since = nothing as object, now = at, perSecond = 1, channel = channels.zapierEvents as string } = {},
) {
  const board = createBoard(channel, emptyBoard)
  for (const message of messages) board.take(message, at)
  const tally = { ...tallyFrom({ newest: '1-0', added: 0 }), read: messages.length, lastAt: at }
  const look = { stream: channel, board: board.stored(), tally, perSecond, outSince: undefined }
  return scoreboard({ boundAt: new Date(at), since: { ...nothing, ...since } }, look, now)
}
const failed = (n: number) => ({ event_id: `e${n}`, event_type: `job${n}.failed` })

test('a scoreboard says nothing of what came before it was bound', () => {
  const before = shown([failed(1)], { since: { read: 1, lastAt: at } })
  expect([before.sentence, before.tone, before.table]).toEqual([
    'Nothing has come on zapier_events since it was bound here.',
    'neutral',
    undefined,
  ])
})

test('what went wrong and is not heard of for ten minutes is past, and makes nothing red', () => {
  expect(shown([failed(1)])).toMatchObject({ tone: 'bad', sentence: expect.stringContaining('job1.failed is failed.') })
  const later = shown([failed(1)], { now: at + 660_000, perSecond: 0 })
  expect([later.tone, later.sentence]).toEqual(['neutral', 'zapier_events: 1 message, quiet since 17:04:11 UTC.'])
  expect(later.facts).toContainEqual({ label: 'Not heard of since', value: 'job1.failed was failed at 17:04:11 UTC' })
})

test('one message has no rate', () => {
  expect(shown([failed(1)]).sentence).toMatch(/^zapier_events: 1 message\. /)
  expect(shown([failed(1), failed(2)]).sentence).toMatch(/^zapier_events: 2 messages, about 1.0 a second\. /)
})

test('numbers of one form, and services that there is no room for', () => {
  const services = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`s${n}`, { status: 'healthy' }]))
  const report = shown([{ type: 'health_update', services }], { channel: channels.healthStatus })
  expect(report.sentence).toContain('the rest of them is not shown.')
  expect(report.table?.rows[0]?.join(' ')).toMatch(/not shown 2,500/)
  expect(report.facts).toContainEqual({ label: 'Not in the table', value: '488 more, heard of earlier' })
})
