import { expect, test } from 'vitest'
import { kindOf } from '#src/adapters/voice/packet-kind.ts'
import { packetsOf } from './packets.ts'

test('trap 4: what still is encrypted end to end is never taken for Opus', () => {
  expect(kindOf(Buffer.concat([packetsOf(1, 1)[0]!, Buffer.of(12, 0xfa, 0xfa)]))).toBe('sealed')
})

test.each([
  ['speech', packetsOf(1, 1)[0]!],
  ['silence', Buffer.of(0xf8, 0xff, 0xfe)],
  ['silence', Buffer.of(0xf8)],
  ['unusable', Buffer.alloc(0)],
  ['unusable', Buffer.alloc(60)],
  ['unusable', Buffer.concat([Buffer.alloc(40), Buffer.of(9), Buffer.alloc(40)])],
  ['unusable', Buffer.concat([Buffer.of(0x78), Buffer.alloc(80)])],
  // A count of frames that is nought, and one that is longer than Opus allows.
  ['unusable', Buffer.of(0x7b, 0, 1, 2, 3)],
  ['unusable', Buffer.of(0x7b, 63, 1, 2, 3)],
])('%s: %j', (kind, packet) => expect(kindOf(packet)).toBe(kind))
