import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemClock } from '#src/kernel/clock.ts'
import { createBacklog } from '#src/streams/backlog.ts'
import '#test/support/property-seed.ts'

const clock = systemClock()

/** Of foreign messages (few different texts) a bridge has appended the first so many; a process saw both sides in any interleaving. */
const history = fc
  .record({ texts: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .chain(({ texts, share }) => {
    const appended = Math.floor(texts.length * share)
    return fc.record({
      texts: fc.constant(texts),
      appended: fc.constant(appended),
      order: fc.shuffledSubarray([...texts.map(() => 'published'), ...texts.slice(0, appended).map(() => 'appended')], {
        minLength: texts.length + appended,
      }),
    })
  })

test('who takes over appends exactly what its predecessor did not, in order, whichever side was seen first', () => {
  fc.assert(
    fc.property(history, ({ texts, appended, order }) => {
      const backlog = createBacklog(clock)
      const next = { published: 0, appended: 0 }
      for (const side of order as ('published' | 'appended')[]) backlog[side](texts[next[side]++]!)
      expect(backlog.takeOver()).toEqual(texts.slice(appended))
    }),
    { numRuns: 500 },
  )
})

test('what nobody appends is bounded by number and by size, and the oldest is given up first', () => {
  const few = createBacklog(clock, { entries: 3, bytes: 1_000, ms: 1_000 })
  for (const text of ['1', '2', '3', '4', '5']) few.published(text)
  expect([few.takeOver(), few.lost]).toEqual([['3', '4', '5'], 2])
  const small = createBacklog(clock, { entries: 100, bytes: 10, ms: 1_000 })
  for (const text of ['1234', '5678', '90ab']) small.published(text)
  expect([small.takeOver(), small.lost]).toEqual([['5678', '90ab'], 1])
})

test('what waited too long is given up: a bridge that took another view of it is not corrected days later', () => {
  let now = 0
  const backlog = createBacklog({ now: () => new Date(now), sleep: async () => {} }, { entries: 10, bytes: 100, ms: 1_000 })
  backlog.published('old')
  now = 900
  backlog.published('new')
  now = 1_100
  expect([backlog.takeOver(), backlog.lost]).toEqual([['new'], 1])
})

test('an entry that was appended before this process listened swallows no later message of the same text', () => {
  let now = 0
  const backlog = createBacklog({ now: () => new Date(now), sleep: async () => {} }, { entries: 10, bytes: 100, ms: 1_000 })
  backlog.appended('same')
  now = 1_100
  backlog.published('same')
  expect(backlog.takeOver()).toEqual(['same'])
})

test('messages that were given up because they were on their way, and then did not get there, are a gap', () => {
  const backlog = createBacklog(clock, { entries: 2, bytes: 1_000, ms: 1_000 })
  backlog.takeOver()
  for (const text of ['1', '2', '3', '4']) backlog.published(text)
  expect([backlog.lost, backlog.owesGap]).toEqual([0, false])
  backlog.handOver(3)
  expect([backlog.takeOver(), backlog.lost, backlog.owesGap]).toEqual([['3', '4'], 1, true])
})
