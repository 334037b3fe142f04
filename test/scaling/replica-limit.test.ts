import { expect, test } from 'vitest'
import { learnLimit, type SeenLimit } from '#src/scaling/replica-limit.ts'

const start = new Date('2026-11-21T12:00:00Z').getTime()

/** What one replica may use, after readings `[minute, replicas, used, limit]`. */
function eachAfter(...readings: readonly (readonly [minute: number, replicas: number, used: number, limit: number | undefined])[]) {
  let seen: SeenLimit | undefined
  return readings.map(([minute, replicas, used, limit]) => {
    seen = learnLimit(seen, { at: new Date(start + minute * 60_000), replicas, used, limit })
    return seen.each
  })
}

test('a limit is taken to be of all replicas together, as usage is', () => {
  expect(eachAfter([0, 2, 0.5, 2])).toEqual([1])
})

test('what Railway names is late: for some minutes after the replicas changed the one of before counts', () => {
  expect(eachAfter([0, 2, 0.5, 2], [6, 4, 0.5, 2], [8, 4, 0.5, 4], [11, 4, 0.5, 4])).toEqual([1, 1, 1, 1])
})

test('a limit that does not follow the replicas is of one', () => {
  expect(eachAfter([0, 2, 0.5, 2], [6, 4, 0.5, 2], [12, 4, 0.5, 2])).toEqual([1, 1, 2])
})

test('a limit that is less than what is used is of one', () => {
  expect(eachAfter([0, 3, 1.5, 1])).toEqual([1])
})

test('a limit that was raised is believed', () => {
  expect(eachAfter([0, 2, 0.5, 2], [6, 2, 0.5, 8])).toEqual([1, 4])
})

test('where Railway names none nobody knows, and what was known stays', () => {
  expect(eachAfter([0, 2, 0.5, undefined])).toEqual([undefined])
  expect(eachAfter([0, 2, 0.5, 2], [6, 2, 0.5, undefined])).toEqual([1, 1])
})
