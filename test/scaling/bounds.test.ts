import { describe, expect, test } from 'vitest'
import { createBounds } from '#src/scaling/bounds.ts'
import { schedules as schema } from '#src/scaling/schedule.ts'

function maxAt(schedules: string, timeZone: string, at: string): number {
  return createBounds({ min: 1, max: 9, schedules: schema.parse(schedules), timeZone })(new Date(at)).max
}

describe('a schedule counts', () => {
  test.each([
    ['from its first minute on', '2026-11-20T07:00:00Z', 3],
    ['not a second before', '2026-11-20T06:59:59Z', 9],
    ['until its last', '2026-11-20T18:59:59Z', 3],
    ['and no longer', '2026-11-20T19:00:00Z', 9],
    ['on its days alone', '2026-11-21T12:00:00Z', 9],
  ])('%s', (_, at, max) => expect(maxAt('mon-fri 08:00-20:00 max 3', 'Europe/Berlin', at)).toBe(max))

  test('over midnight where it ends earlier than it begins, and belongs to the day on which it began', () => {
    const night = 'fri 22:00-06:00 max 2'
    expect(maxAt(night, 'UTC', '2026-11-20T23:00:00Z')).toBe(2)
    expect(maxAt(night, 'UTC', '2026-11-21T05:59:00Z')).toBe(2)
    expect(maxAt(night, 'UTC', '2026-11-20T05:59:00Z')).toBe(9)
  })

  test('all day where both ends are the same', () => {
    expect(maxAt('sat 00:00-00:00 max 2', 'Asia/Kolkata', '2026-11-20T18:30:00Z')).toBe(2)
    expect(maxAt('sat 00:00-24:00 max 2', 'Asia/Kolkata', '2026-11-21T18:30:00Z')).toBe(9)
  })

  test('before those after it', () => {
    expect(maxAt('fri 08:00-20:00 max 3; daily 00:00-24:00 max 5', 'UTC', '2026-11-20T12:00:00Z')).toBe(3)
    expect(maxAt('fri 08:00-20:00 max 3; daily 00:00-24:00 max 5', 'UTC', '2026-11-20T21:00:00Z')).toBe(5)
  })
})

/** Clocks in Berlin: 2026-03-29 at 02:00 one hour on, 2026-10-25 at 03:00 one hour back. */
describe('in the night in which clocks change', () => {
  const inBerlin = (schedules: string, at: string) => maxAt(schedules, 'Europe/Berlin', at)

  test('what begins at a time that is skipped begins an hour later on the clock', () => {
    expect(inBerlin('sun 02:30-04:00 max 2', '2026-03-29T01:29:59Z')).toBe(9)
    expect(inBerlin('sun 02:30-04:00 max 2', '2026-03-29T01:30:00Z')).toBe(2)
    expect(inBerlin('sun 02:30-04:00 max 2', '2026-03-29T02:00:00Z')).toBe(9)
  })

  test('what begins at a time that comes twice begins the first time, and goes on', () => {
    for (const minute of ['00:30', '00:59', '01:00', '01:15', '01:30', '02:59']) {
      expect(inBerlin('sun 02:30-04:00 max 2', `2026-10-25T${minute}:00Z`)).toBe(2)
    }
    expect(inBerlin('sun 02:30-04:00 max 2', '2026-10-25T03:00:00Z')).toBe(9)
  })

  test('what ends at a time that comes twice ends the first time, and does not come back', () => {
    expect(inBerlin('sun 01:00-02:30 max 2', '2026-10-25T00:29:59Z')).toBe(2)
    for (const minute of ['00:30', '01:00', '01:29']) expect(inBerlin('sun 01:00-02:30 max 2', `2026-10-25T${minute}:00Z`)).toBe(9)
  })

  test('the day after has its usual hours', () => {
    expect(inBerlin('mon 08:00-20:00 max 2', '2026-03-30T05:59:59Z')).toBe(9)
    expect(inBerlin('mon 08:00-20:00 max 2', '2026-03-30T06:00:00Z')).toBe(2)
    expect(inBerlin('mon 08:00-20:00 max 2', '2026-10-26T06:59:59Z')).toBe(9)
    expect(inBerlin('mon 08:00-20:00 max 2', '2026-10-26T07:00:00Z')).toBe(2)
  })
})
