import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacketOrder } from '#src/adapters/voice/packet-order.ts'
import { packetsOf, spelled } from './packets.ts'

const FRAME = 960

/** What comes out for packets that arrive in that order; the number at which they start is the caller's. */
function ordered(arrivals: readonly number[], { first = 0, pauses = {} as Record<number, number> } = {}) {
  const passed: Uint8Array[] = []
  let lost = 0
  const order = createPacketOrder({ pass: (packet) => passed.push(packet), onLost: (count) => (lost += count) })
  const packets = packetsOf(1, Math.max(...arrivals) + 1)
  const pausedBefore = (at: number) =>
    Object.entries(pauses).reduce((sum, [before, frames]) => (Number(before) <= at ? sum + frames : sum), 0)
  for (const at of arrivals) {
    const timestamp = (4_294_960_000 + (at + pausedBefore(at)) * FRAME) >>> 0
    order.push(packets[at]!, { sequence: (first + at) & 0xffff, timestamp })
  }
  const live = spelled(passed)
  order.flush()
  return { live, all: spelled(passed), lost }
}

const count = (to: number) => Array.from({ length: to }, (_, at) => at)

test('packets in their order pass at once', () => {
  expect(ordered(count(5))).toEqual({ live: '0 1 2 3 4', all: '0 1 2 3 4', lost: 0 })
})

test('trap 7: swapped packets are put in their order, the very first ones as well', () => {
  expect(ordered([0, 1, 3, 2, 4]).all).toBe('0 1 2 3 4')
  expect(ordered([1, 0, 2, 3]).all).toBe('0 1 2 3')
})

test('the numbers go round at 16 bits, and the time at 32', () => {
  expect(ordered([0, 1, 2, 4, 3, 5, 6], { first: 0xfffe })).toMatchObject({ all: '0 1 2 3 4 5 6', lost: 0 })
})

test('what is lost is silence, and counted', () => {
  expect(ordered([0, 1, 2, 5, 6])).toMatchObject({ all: '0 1 2 - - 5 6', lost: 2 })
})

test('one that is missing is not waited for longer than five packets', () => {
  const arrivals = count(30).filter((at) => at !== 5)
  expect(ordered(arrivals).live).toContain('4 - 6')
  expect(ordered(arrivals.slice(0, 10)).live).toBe('0 1 2 3 4')
})

test('a packet that comes after it was taken for lost, or twice, is not there twice', () => {
  expect(ordered([0, 1, 2, 2, 3, 1])).toMatchObject({ all: '0 1 2 3', lost: 0 })
  const late = [...count(30).filter((at) => at !== 5), 5]
  expect(
    ordered(late)
      .all.split(' ')
      .filter((word) => word === '5'),
  ).toEqual([])
})

test('a pause, in which nothing is sent and nothing is lost, is silence of its length', () => {
  expect(ordered(count(6), { pauses: { 3: 4 } })).toMatchObject({ all: '0 1 2 - - - - 3 4 5', lost: 0 })
})

test('another time base is no pause of hours', () => {
  expect(ordered(count(6), { pauses: { 3: 100_000 } }).all).toBe('0 1 2 3 4 5')
})

test('numbers that begin anew are a new beginning, not a loss', () => {
  const passed: Uint8Array[] = []
  const order = createPacketOrder({ pass: (packet) => passed.push(packet), onLost: () => expect.unreachable() })
  const packets = packetsOf(1, 8)
  for (const [at, sequence] of [10, 11, 12, 13, 40_000, 40_001, 40_002, 40_003].entries())
    order.push(packets[at]!, { sequence, timestamp: at * FRAME })
  order.flush()
  expect(spelled(passed)).toBe('0 1 2 3 4 5 6 7')
})

test('however a network shuffles and loses them, what comes out is in order, and as long as what was said', () => {
  const arrival = fc
    .uniqueArray(fc.nat(60), { minLength: 4, maxLength: 60 })
    .chain((kept) => fc.tuple(fc.constant(kept.sort((a, b) => a - b)), fc.array(fc.nat(6), { minLength: 60, maxLength: 60 })))
  fc.assert(
    fc.property(arrival, ([kept, delays]) => {
      const arrivals = kept.map((at, index) => [at + delays[index]!, at] as const).sort(([a], [b]) => a - b)
      const words = ordered(arrivals.map(([, at]) => at)).all.split(' ')
      const numbers = words.filter((word) => word !== '-').map(Number)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
      expect(words).toHaveLength(numbers.at(-1)! - numbers[0]! + 1)
    }),
  )
})
